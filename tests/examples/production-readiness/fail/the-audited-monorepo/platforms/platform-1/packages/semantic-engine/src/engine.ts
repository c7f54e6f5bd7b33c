export function distance(left: number[], right: number[]): number {
  const product = left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
  const length = (vector: number[]) => Math.hypot(...vector) || 1;
  return 1 - product / (length(left) * length(right));
}
