import { Button } from '@autoecosystem/ui';

export default function Page() {
  return (
    <main className="mx-auto max-w-2xl p-8">
      <h1 className="text-2xl">Contracts</h1>
      <Button label="Upload" />
    </main>
  );
}
