// jinja2.utils.urlize: links made of what looks like a URL or an e-mail address.

import { escapeText } from '../markup.ts'
import { isSpace, lengthOf, sliceText } from '../../text/python.ts'

const WORD = '\\p{L}\\p{N}_'
const HTTP = new RegExp(
  `^(?:(?:https?://|www\\.)(?:(?:[${WORD}%-]+\\.)+)?(?:[a-z]{2,63}|xn--[${WORD}%]{2,59})|(?:[${WORD}%-]{2,63}\\.)+(?:com|net|int|edu|gov|org|info|mil)`
  + '|https?://(?:\\p{Nd}{1,3}(?:\\.\\p{Nd}{1,3}){3}|\\[(?:[\\p{Nd}a-f]{0,4}:){2}(?:[\\p{Nd}a-f]{0,4}:?){1,6}\\]))(?::\\p{Nd}{1,5})?(?:[/?#]\\S*)?\\n?$', 'iu')
const MAIL = new RegExp(`^\\S+@[${WORD}][${WORD}.-]*\\.[${WORD}]+$`, 'u')

export function urlize(text: string, trimLimit: number | null, rel: string, target: string | null, extraSchemes: readonly string[]): string {
  const trim = (url: string): string => trimLimit !== null && lengthOf(url) > trimLimit ? `${sliceText(url, 0, Math.max(0, trimLimit))}...` : url
  const attributes = (rel ? ` rel="${escapeText(rel)}"` : '') + (target ? ` target="${escapeText(target)}"` : '')
  return words(escapeText(text)).map(word => {
    const { head, middle, tail } = cut(word)
    return head + link(middle, attributes, trim, extraSchemes) + tail
  }).join('')
}

function words(text: string): string[] {
  const out: string[] = []
  let current = ''
  let blank = false
  for (const character of text) {
    if (isSpace(character.charCodeAt(0)) !== blank) { out.push(current); current = ''; blank = !blank }
    current += character
  }
  out.push(current)
  return out
}

/** Brackets and full stops around a word do not belong to its URL, unless they balance. */
function cut(word: string): { head: string; middle: string; tail: string } {
  const head = /^(?:[(<]|&lt;)+/.exec(word)?.[0] ?? ''
  let middle = word.slice(head.length)
  let tail = /(?:[)>.,\n]|&gt;)+$/.exec(middle)?.[0] ?? ''
  middle = middle.slice(0, middle.length - tail.length)
  for (const [open, close] of [['(', ')'], ['<', '>'], ['&lt;', '&gt;']] as const) {
    const opens = middle.split(open).length - 1
    if (opens <= middle.split(close).length - 1) continue
    const times = Math.min(opens, tail.split(close).length - 1)
    for (let i = 0; i < times; i++) {
      const end = tail.indexOf(close) + close.length
      middle += tail.slice(0, end)
      tail = tail.slice(end)
    }
  }
  return { head, middle, tail }
}

function link(middle: string, attributes: string, trim: (url: string) => string, extraSchemes: readonly string[]): string {
  if (HTTP.test(middle)) {
    const url = /^https?:\/\//.test(middle) ? middle : `https://${middle}`
    return `<a href="${url}"${attributes}>${trim(middle)}</a>`
  }
  if (middle.startsWith('mailto:') && MAIL.test(middle.slice(7))) return `<a href="${middle}">${middle.slice(7)}</a>`
  if (middle.includes('@') && !middle.startsWith('www.') && !middle.startsWith('@') && !middle.includes(':') && MAIL.test(middle)) return `<a href="mailto:${middle}">${middle}</a>`
  let linked = middle
  for (const scheme of extraSchemes) if (linked !== scheme && linked.startsWith(scheme)) linked = `<a href="${linked}"${attributes}>${linked}</a>`
  return linked
}
