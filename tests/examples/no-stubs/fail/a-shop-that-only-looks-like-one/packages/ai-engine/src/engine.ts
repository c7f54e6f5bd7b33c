export class AIEngine {
  async process(input: string): Promise<string> {
    return `Processed: ${input}`;
  }
}
