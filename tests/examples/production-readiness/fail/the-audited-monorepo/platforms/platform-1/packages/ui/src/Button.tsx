export function Button({ label }: { label: string }) {
  return <button className="rounded bg-slate-900 px-4 py-2 text-white">{label}</button>;
}
