/** The look of the page: quiet, light or dark as the reader's system is, and readable on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --panel: #f3f4f5; --ink: #1c2024; --muted: #59616c; --line: #dfe2e6; --link: #1d5fa5;
  --good: #1f6b41; --bad: #a8323f;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --panel: #1e2227; --ink: #e3e6ea; --muted: #a0a9b4; --line: #31373f; --link: #86b9ee;
    --good: #79cf9f; --bad: #f0919b;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', sans-serif; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.25rem 5rem; overflow-wrap: break-word; }
h1, .lead, .facts dd:first-of-type { font-family: Charter, 'Bitstream Charter', Georgia, 'Liberation Serif', serif; }
h1 { font-size: 2.1rem; line-height: 1.15; margin: 0; font-weight: 600; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; line-height: 1.4; margin: 2.2rem 0 0.6rem; }
p, ul, dl { margin: 0.75rem 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
code, pre { font: 0.86em/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; }
.kind { margin: 0 0 0.4rem; font-size: 0.8rem; letter-spacing: 0.06em; text-transform: uppercase; color: var(--muted); }
.subject { margin: 0.35rem 0 1.5rem; color: var(--muted); }
.lead { font-size: 1.45rem; line-height: 1.4; margin: 0 0 1.5rem; max-width: 46rem; text-wrap: pretty; }
.lead a, .facts dd a { color: inherit; text-decoration-color: var(--line); text-decoration-thickness: 1px; }
header p:not([class]) { max-width: 46rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: 0 1.75rem; margin: 1.5rem 0; }
.facts > div { border-top: 2px solid var(--ink); padding: 0.5rem 0 1rem; }
.facts dt { font-size: 0.85rem; color: var(--muted); }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
.facts dd:first-of-type { font-size: 1.7rem; line-height: 1.3; }
.facts .detail { font-size: 0.85rem; color: var(--muted); }
.notes { list-style: none; padding: 0; margin: 0.6rem 0 0; font-size: 0.85rem; line-height: 1.5; color: var(--muted); }
.notes li { padding-left: 1rem; text-indent: -1rem; }
.notes li::before { content: '– '; }
header .notes { border-left: 3px solid var(--line); padding-left: 1rem; margin-top: 1.25rem; }
nav { margin-top: 2rem; font-size: 0.95rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1.25rem; }
.scroll { position: relative; overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 0.875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: 0.32rem 0.7rem; text-align: left; vertical-align: baseline; white-space: nowrap; }
thead th { color: var(--muted); font-weight: 500; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
tbody tr { border-bottom: 1px solid var(--line); }
tbody th { font-weight: 500; }
.table tr > th:first-child { position: sticky; left: 0; background: var(--paper); padding-left: 0; z-index: 1; }
th[scope='rowgroup'] { vertical-align: top; }
.number { text-align: right; }
td a { color: inherit; text-decoration: none; }
td a:hover, td a:focus-visible { color: var(--link); text-decoration: underline; }
.won { color: var(--good); } .lost { color: var(--bad); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; display: inline-block; margin-bottom: 0.4rem; }
figure { margin: 0; }
figcaption { font-size: 0.85rem; color: var(--muted); margin-top: 0.4rem; }
.drawing svg { display: block; width: max(min(100%, var(--width)), min(var(--width), 34rem)); height: auto; }
.paper { fill: none; }
details { margin: 0.5rem 0; }
summary { cursor: pointer; width: fit-content; }
details > summary + .drawing { margin: 0.75rem 0 1.5rem; }
dl.words { display: grid; grid-template-columns: minmax(8rem, max-content) minmax(0, 1fr); gap: 0.35rem 1.25rem; }
dl.words dt { font-weight: 500; } dl.words dd { margin: 0; }
pre { background: var(--panel); padding: 1rem 1.1rem; border-radius: 4px; overflow-x: auto; margin: 0.75rem 0; }
.records { font-size: 0.8rem; }
.records tbody th[scope='rowgroup'] { padding-top: 1rem; font-weight: 600; }
.records tbody th[scope='row'] { font-weight: 400; }
.records details { margin: 0; }
.records ul { margin: 0.3rem 0; padding-left: 1.1rem; }
:target { background: color-mix(in srgb, var(--link) 16%, transparent); scroll-margin-top: 30vh; }
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.7rem; } .lead { font-size: 1.2rem; }
  .facts { grid-template-columns: 1fr 1fr; gap: 0 1rem; } .facts dd:first-of-type { font-size: 1.4rem; }
  dl.words { grid-template-columns: minmax(0, 1fr); } dl.words dd { margin-bottom: 0.5rem; }
  th, td { padding: 0.32rem 0.5rem; }
}
@media print {
  @page { margin: 16mm 14mm; }
  html { font-size: 10pt; background: none; }
  body { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  .facts { grid-template-columns: repeat(4, 1fr); }
  a { color: inherit; text-decoration: none; }
  h2 { margin-top: 1.5rem; } h2, h3, summary { break-after: avoid; }
  .scroll, pre { overflow: visible; } pre { white-space: pre-wrap; }
  figure, tr, .facts > div, details > .drawing { break-inside: avoid; }
  th, td { padding: 0.2rem 0.4rem; white-space: normal; } .table { font-size: 0.9em; }
  .drawing svg { width: min(100%, var(--width)); }
  section details::details-content { content-visibility: visible; height: auto; }
  .records { font-size: 7pt; } .records ul { display: none; }
}
`;
