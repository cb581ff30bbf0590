import type { Diagnostic } from '../core/diagnostics.js';

/**
 * Problems of a text file as a person reads them: place and message, the source line with the part in question
 * underlined, and how to mend it.
 */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(formatDiagnostic).join('\n\n');
}

function formatDiagnostic({ file, line, column, code, message, source, length, fix }: Diagnostic): string {
  const place = line === 0 ? file : `${file}:${line}:${column}`; // line 0: a flag, or the file as a whole
  const lines = [`${place}  ${code} ${message}`];
  if (source.trim() !== '') {
    // Tabs stay tabs, so that the underline stands below its part whatever their width.
    const before = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
    lines.push(`    ${source}`, `    ${before}${'~'.repeat(Math.max(1, length))}`);
  }
  if (fix !== undefined) lines.push(`  ${fix.replaceAll('\n', '\n  ')}`);
  return lines.join('\n');
}
