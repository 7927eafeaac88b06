// html.unescape for the character references that occur: numeric ones and the common names. A name not listed stays as it stands.

const NAMES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"], ['nbsp', '\xa0'], ['raquo', '»'], ['laquo', '«'], ['copy', '©'], ['reg', '®'],
  ['trade', '™'], ['hellip', '…'], ['mdash', '—'], ['ndash', '–'], ['euro', '€'], ['pound', '£'], ['yen', '¥'], ['cent', '¢'], ['sect', '§'], ['deg', '°'],
  ['plusmn', '±'], ['times', '×'], ['divide', '÷'], ['middot', '·'], ['bull', '•'], ['lsquo', '‘'], ['rsquo', '’'], ['ldquo', '“'], ['rdquo', '”'],
  ['auml', 'ä'], ['ouml', 'ö'], ['uuml', 'ü'], ['Auml', 'Ä'], ['Ouml', 'Ö'], ['Uuml', 'Ü'], ['szlig', 'ß'], ['eacute', 'é'], ['egrave', 'è'], ['agrave', 'à'], ['ccedil', 'ç'],
])

export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d+|[xX][0-9a-fA-F]+);?|([A-Za-z]+);|(amp|lt|gt|quot|nbsp|copy|reg))/g, (whole, code: string | undefined, name: string | undefined, bare: string | undefined) => {
    if (code !== undefined) return numeric(/^x/i.test(code) ? Number.parseInt(code.slice(1), 16) : Number(code))
    return NAMES.get(name ?? bare ?? '') ?? whole
  })
}

function numeric(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd'
  if (code < 32 && code !== 9 && code !== 10 && code !== 13 && code !== 12) return ''
  return String.fromCodePoint(code)
}
