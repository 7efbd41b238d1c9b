/** How a report looks, by day and by night. Nothing is loaded from anywhere. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --faint: #5b6b7c; --paper: #fbfcfd; --line: #d5dde5;
  --soft: #eef2f6; --blue: #2563a8; --teal: #0f8577; --good: #1b7f3b; --bad: #b3261e; --unsure: #8a6100; }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe7ee; --faint: #97a6b5; --paper: #12171c;
  --line: #313b45; --soft: #1b222a; --blue: #6ea8e6; --teal: #4cc0b0; --good: #5cc97f; --bad: #f2776d; --unsure: #e0b04a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 28px 20px 60px; max-width: 1020px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 34px 0 10px; }
h3 { font-size: 15px; margin: 22px 0 6px; } p { margin: 6px 0; } .faint { color: var(--faint); }
.figures { display: flex; flex-wrap: wrap; gap: 10px; margin: 16px 0; }
.figure { border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; background: var(--soft); }
.figure b { display: block; font-size: 19px; } .figure span { color: var(--faint); font-size: 13px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 14px; width: 100%; }
th { text-align: left; color: var(--faint); font-weight: 500; }
th, td { padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code, pre, .mono { font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: var(--soft); padding: 10px 12px; border-radius: 6px; overflow-x: auto; }
summary { cursor: pointer; font: 13px/1.7 ui-monospace, "DejaVu Sans Mono", monospace; }
.holds { color: var(--good); } .violated { color: var(--bad); font-weight: 600; } .not-observable { color: var(--unsure); }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--ink); font-size: 11px; }
svg .title { font-size: 12px; font-weight: 600; } svg .small { font-size: 10px; fill: var(--faint); }
.box rect { fill: var(--soft); stroke: var(--line); } .box.fabric rect { stroke: var(--blue); }
.box.from rect { stroke: var(--unsure); stroke-width: 2; } .box.to rect { stroke: var(--good); stroke-width: 2; }
.box.array rect { stroke: var(--teal); } .cable { fill: none; stroke: var(--faint); stroke-width: 1.3; opacity: .6; }
.band rect { fill: var(--blue); opacity: .05; } .band1 rect { opacity: .12; } .band line, .tick { stroke: var(--line); }
.curve.io path { fill: var(--teal); opacity: .8; } .curve.frames path { fill: var(--blue); opacity: .6; }
.lane { stroke: var(--line); stroke-width: 1.5; } .arrow line { stroke: var(--blue); stroke-width: 1.4; } marker path { fill: var(--blue); }
.breach line { stroke: var(--bad); stroke-width: 1.2; stroke-dasharray: 4 3; }
@media (max-width: 760px) { body { padding: 16px 12px 40px; } .scroll > svg { width: 960px; } }
@media print { body { max-width: none; padding: 0; } details > * { display: revert; } h2 { break-after: avoid; } svg { break-inside: avoid; } }
.headline { font-size: 17px; font-weight: 600; } .arrow.held line { stroke: var(--bad); } svg .mark { font-size: 10px; fill: var(--bad); }
`;
