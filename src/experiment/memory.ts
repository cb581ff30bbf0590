/** Bytes of an amount that has passed the schema, such as "4GB" (10^9) or "500MB" (10^6). */
export function memoryBytes(amount: string): number {
  const unit = amount.endsWith('GB') ? 1e9 : 1e6;
  return Math.round(Number(amount.slice(0, -2)) * unit);
}
