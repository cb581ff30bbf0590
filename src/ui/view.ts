/** How wide tables may be on a stream, and whether they may have colours. */
export function viewOf(
  stdout: Pick<NodeJS.WriteStream, 'isTTY' | 'hasColors'> & { readonly columns?: number },
): { readonly columns: number; readonly colour: boolean } {
  return { columns: stdout.columns ?? 80, colour: stdout.isTTY && stdout.hasColors() };
}
