/** The page's only style; light or dark as the reader's system is, light on paper. */
export const STYLE = `
:root{color-scheme:light dark;--page:light-dark(#fff,#0e1218);--raised:light-dark(#f4f6f9,#151b24);--line:light-dark(#dce1e8,#263040);--text:light-dark(#141a23,#dfe5ee);--dim:light-dark(#586475,#8f9bad);--main:light-dark(#1259d6,#5b9bff);--other:light-dark(#7a8798,#77859a);--up:light-dark(#077049,#2ec48d);--down:light-dark(#bb1f3a,#f9566c);--warn:light-dark(#8a5200,#f2b53c);--warn-soft:light-dark(#fdf0d5,#2e230c);--invalid:light-dark(#e08a0045,#f2b53c38);--up-soft:light-dark(#0a8a5c,#2ec48d);--down-soft:light-dark(#d12c48,#f9566c)}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 20px 48px;max-width:1100px;background:var(--page);color:var(--text);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1{font-size:22px;line-height:1.25;margin:0 0 4px}
h2{font-size:16px;margin:36px 0 10px}
p{margin:0 0 6px}
code{font:12px ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",Menlo,Consolas,monospace}
.dim,.note,.key{color:var(--dim);font-size:13px}
.note{margin-top:8px}
.verdict{font-size:16px;margin:16px 0;padding:12px 14px;background:var(--raised);border-left:4px solid var(--main)}
.verdict.down{border-color:var(--down)}.verdict.up{border-color:var(--up)}
.up{color:var(--up)}.down{color:var(--down)}.verdict.up,.verdict.down{color:inherit}
.warnings{margin:0 0 18px;padding:10px 14px 10px 32px;background:var(--warn-soft);border-left:4px solid var(--warn)}
.warnings li{margin:2px 0}
dl{margin:0}dd{margin:0}
.figures{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:1px;background:var(--line);border:1px solid var(--line)}
.figures div{background:var(--page);padding:8px 12px}
.figures dt{color:var(--dim);font-size:12px}
.figures dd{font-size:19px;line-height:1.3}
.figures .more{color:var(--dim);font-size:12px}
.reading{position:sticky;top:0;z-index:1;margin:0 0 8px;padding:5px 0;background:var(--page);border-bottom:1px solid var(--line);font-size:13px;min-height:31px}
.chart{display:grid;grid-template-columns:62px minmax(0,1fr);margin:0 0 4px;break-inside:avoid}
.chart .name{grid-column:1/-1;margin:8px 0 2px;font-size:12px;color:var(--dim)}
.chart .name b{color:var(--text)}
.scale{width:54px;overflow:visible}
.scale text{text-anchor:end}
.plot{width:100%;overflow:visible;touch-action:pan-y}
.plot:focus-visible{outline:2px solid var(--main);outline-offset:2px}
text{fill:var(--dim);font-size:11px}
.time{text-anchor:middle}.time.first{text-anchor:start}.time.last{text-anchor:end}
.grid line,.zero{stroke:var(--line);stroke-width:1}
.zero{stroke:var(--dim)}
.cursor{stroke:var(--text);stroke-width:1;stroke-dasharray:3 3}
.line{fill:none;stroke-width:1.5;vector-effect:non-scaling-stroke;stroke-linejoin:round}
.line.main{stroke:var(--main)}.line.other{stroke:var(--other)}.line.loss{stroke:var(--down)}
.area{opacity:.18}.area.main{fill:var(--main)}.area.loss{fill:var(--down)}
.key .main{color:var(--main)}.key .other{color:var(--other)}
.key span::before{content:"";display:inline-block;width:14px;border-top:2px solid;margin:0 6px 4px 0;vertical-align:middle}
.key span{margin-right:14px}
.key{padding-left:62px}
.key svg{vertical-align:-1px}
.invalid{fill:var(--invalid)}
.buy{fill:var(--up);stroke:var(--page);stroke-width:.6}.sell{fill:var(--down);stroke:var(--page);stroke-width:.6}
.gain{fill:var(--up-soft)}.fall{fill:var(--down-soft)}.even{fill:var(--main);opacity:.75}
.interval{stroke-width:4;stroke-linecap:round}.interval.gain{stroke:var(--up-soft)}.interval.fall{stroke:var(--down-soft)}.interval.even{stroke:var(--main)}
circle{stroke:var(--page);stroke-width:1.5}
.histogram{width:100%;overflow:visible}
.bar{width:100%;display:block}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;overflow-wrap:normal}
th,td{padding:4px 14px 4px 0;text-align:left;font-weight:400;border-bottom:1px solid var(--line);vertical-align:middle}
tbody th{min-width:112px}
thead th{color:var(--dim);font-size:12px}
.n{text-align:right;white-space:nowrap}
.drawn{width:38%;min-width:110px;padding-right:0}
.total th,.total td{font-weight:600}
.months td,.months th{padding:4px 6px}
.days{display:grid;grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:4px;margin:0;padding:0;list-style:none}
.days li{padding:4px 8px;border:1px solid var(--line)}
.days span{display:block;color:var(--dim);font-size:11px}
.gain-1{background:color-mix(in srgb,var(--up) 10%,transparent)}.gain-2{background:color-mix(in srgb,var(--up) 20%,transparent)}.gain-3{background:color-mix(in srgb,var(--up) 32%,transparent)}
.fall-1{background:color-mix(in srgb,var(--down) 10%,transparent)}.fall-2{background:color-mix(in srgb,var(--down) 20%,transparent)}.fall-3{background:color-mix(in srgb,var(--down) 32%,transparent)}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 18px;font-size:13px}
.facts dt{color:var(--dim)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.symbols{position:absolute;width:0;height:0}
@media(max-width:620px){body{padding:16px 12px 32px}.odd{display:none}.chart{grid-template-columns:50px minmax(0,1fr)}.scale{width:44px}.key{padding-left:0}.figures{grid-template-columns:1fr 1fr}.drawn{display:none}.facts{grid-template-columns:1fr}.facts dd{margin-bottom:6px}}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:11px}.reading{position:static}.figures,section,tr,li{break-inside:avoid}.run{break-inside:auto}.verdict,.warnings,.gain,.fall,.days li,td{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
