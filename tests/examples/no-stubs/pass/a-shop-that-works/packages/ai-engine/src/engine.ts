export abstract class Engine {
  process(input: string): Promise<string> {
    throw new Error("not implemented");
  }
}

export class AIEngine extends Engine {
  async process(input: string): Promise<string> {
    const answer = await fetch("https://models.example.com/complete", { method: "POST", body: input });
    return answer.text();
  }
}
