// Which completions fit what is typed, best first, cut at 100: editors that filter by themselves get few items, the others the right ones.

import { distance } from 'fastest-levenshtein'
import type { Completion, CompletionList } from './types.ts'

const MOST_ITEMS = 100
const LOOSE = 3

/** A completion whose text is made only if it is among the shown: a relation for each of 10,000 models is not worked out for a hundred lines. */
export interface Offer {
  readonly label: string
  readonly sort: string
  readonly item: () => Completion
}

/** Keeps what fits `typed` (prefix, then a part's beginning, then substring, then letters in order, then a typing error or two). */
export function ranked(items: readonly (Completion | Offer)[], typed: string): CompletionList {
  const word = typed.toLowerCase()
  const scored = items.flatMap((item) => {
    const rank = score(item.label.toLowerCase(), word)
    return rank === null ? [] : [{ item, rank }]
  })
  // Loose matches are noise where there is a better one.
  const good = scored.filter((each) => each.rank < LOOSE)
  const kept = good.length > 0 ? good : scored
  kept.sort((one, other) => one.rank - other.rank || (one.item.sort < other.item.sort ? -1 : one.item.sort > other.item.sort ? 1 : 0))
  const shown = kept.slice(0, MOST_ITEMS).map(({ item }, index) => ({ ...('item' in item ? item.item() : item), sort: String(index).padStart(3, '0') }))
  return { items: shown, incomplete: kept.length > MOST_ITEMS }
}

function score(label: string, word: string): number | null {
  if (word === '') return 0
  if (label.startsWith(word)) return 0
  const at = label.indexOf(word)
  if (at >= 0) return /[^a-z0-9]/.test(label[at - 1] ?? '') ? 1 : 2
  let from = 0
  for (const letter of word) {
    from = label.indexOf(letter, from) + 1
    if (from === 0) return word.length > 3 && distance(label.slice(0, word.length + 1), word) <= 2 ? LOOSE + 1 : null
  }
  return LOOSE
}
