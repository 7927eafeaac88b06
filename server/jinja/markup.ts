// markupsafe: escaping, and what a Markup's operators do to what is joined to it.

import { PyMarkup, PyUnknown } from './value.ts'
import type { Value } from './value.ts'
import { strOf } from './repr.ts'
import { UnknownSignal } from './errors.ts'

/** `markupsafe.escape(value)`. */
export function escape(value: Value): PyMarkup {
  if (value instanceof PyMarkup) return value
  if (value instanceof PyUnknown) throw new UnknownSignal(value.origin)
  return new PyMarkup(escapeText(strOf(value)))
}

export function escapeText(text: string): string {
  return /[&<>'"]/.test(text) ? text.replace(/[&<>'"]/g, character => ENTITIES.get(character) ?? character) : text
}

const ENTITIES = new Map([['&', '&amp;'], ['>', '&gt;'], ['<', '&lt;'], ["'", '&#39;'], ['"', '&#34;']])
