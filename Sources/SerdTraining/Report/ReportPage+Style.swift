extension ReportPage {
  /// Light and dark by the reader's own setting. Text and lines have a contrast of at least 4.5 and 3 in both.
  static let style = """
    :root{--back:#fff;--card:#f6f7f9;--ink:#1b1f24;--soft:#57606a;--rule:#d0d7de;--hit:#0b62b0;--miss:#b35900;--inverse:#fff;
    --warn:#fff4d6;--warn-ink:#5c3d00}
    @media (prefers-color-scheme:dark){:root{--back:#11151a;--card:#1a2027;--ink:#e6eaef;--soft:#a3adb8;--rule:#39424d;--hit:#6cb6ff;
    --miss:#f0a45d;--inverse:#0b1016;--warn:#3a2f10;--warn-ink:#ffdf9e}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    main{max-width:1280px;margin:0 auto;padding:24px 20px 60px}
    h1{font-size:1.9rem;margin:0 0 12px}h1 small{font-size:1.05rem;font-weight:400;color:var(--soft)}
    h2{font-size:1.25rem;margin:36px 0 10px;border-bottom:1px solid var(--rule);padding-bottom:4px}
    .warning{background:var(--warn);color:var(--warn-ink);padding:10px 14px;border-radius:6px}
    .tiles{display:flex;flex-wrap:wrap;gap:12px}
    .tile{background:var(--card);border-radius:8px;padding:10px 18px;display:flex;flex-direction:column;min-width:170px}
    .tile b{font-size:1.7rem;line-height:1.2}.tile span{color:var(--soft);font-size:.9rem}
    .figures{display:flex;flex-wrap:wrap;gap:20px;align-items:flex-start}
    figure{margin:0;background:var(--card);border-radius:8px;padding:14px;flex:0 1 auto;width:fit-content;min-width:0;max-width:100%}
    /* A caption does not widen its figure. */figcaption{color:var(--soft);font-size:.9rem;width:0;min-width:100%}
    svg{display:block;max-width:100%;height:auto}
    svg text{fill:var(--ink);font:13px system-ui,sans-serif}
    svg .tick{fill:var(--soft);font-size:12px}svg .small{fill:var(--soft);font-size:10px}
    svg .zero{fill:var(--soft)}svg .inverse{fill:var(--inverse);font-weight:600}
    .grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
    .diagonal{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:6 5}
    .hit{fill:var(--hit)}.miss{fill:var(--miss)}.frame{fill:none;stroke:var(--rule);stroke-width:1}
    .gap,.whisker{stroke:var(--ink);stroke-width:2}.dot{fill:var(--ink)}
    .thin{fill:none;stroke:var(--hit);stroke-width:1.2;stroke-opacity:.55}.thick{fill:none;stroke:var(--miss);stroke-width:3}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}.wide{width:100%}
    th,td{padding:4px 12px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
    td{overflow-wrap:anywhere}.scroll td{text-align:right;padding-left:12px;white-space:nowrap}
    .scroll thead th{color:var(--soft);font-weight:600;text-align:right;padding-left:12px}.scroll thead th:first-child{text-align:left;padding-left:0}
    th{font-weight:600}.wide th{width:9rem;color:var(--soft)}
    .scroll{overflow-x:auto}details{margin-top:8px}summary{cursor:pointer;color:var(--hit)}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}dt{font-weight:600}dd{margin:0}
    @media print{details>*{display:block}}
    """
}
