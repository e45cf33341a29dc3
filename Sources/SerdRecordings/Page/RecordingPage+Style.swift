import Glibc

extension RecordingPage {
  /// Light and dark by the reader's own setting. Text has a contrast of at least 4.5, lines and bands of 3, in both.
  static let style = """
    :root{--back:#fff;--card:#f6f7f9;--ink:#1b1f24;--soft:#57606a;--rule:#d0d7de;--hit:#0b62b0}
    @media (prefers-color-scheme:dark){:root{--back:#11151a;--card:#1a2027;--ink:#e6eaef;--soft:#a3adb8;--rule:#39424d;--hit:#6cb6ff}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
    main{max-width:1100px;margin:0 auto;padding:20px 16px 48px}
    h1{font-size:1.6rem;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:0 0 8px}
    .answer{margin:0 0 12px}.small{color:var(--soft);font-size:.9rem}
    audio{width:100%;margin:0 0 16px}
    figure,section{margin:0 0 14px;background:var(--card);border-radius:8px;padding:12px 14px}
    .scroll{overflow-x:auto}
    svg{display:block;width:100%;min-width:860px;height:auto}
    svg text{fill:var(--ink);font:13px system-ui,sans-serif}svg .tick{fill:var(--soft);font-size:12px}
    .grid{stroke:var(--rule);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}
    .band,.area,.wave{fill:var(--hit)}.curve{fill:none;stroke:var(--hit);stroke-width:2;stroke-linejoin:round}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}
    th,td{padding:4px 14px 4px 0;text-align:left;border-bottom:1px solid var(--rule)}
    """

  /// In dB relative to full scale.
  func levelOf(_ sample: Float) -> Float { 20 * log10f(max(sample, 1e-10)) }
}
