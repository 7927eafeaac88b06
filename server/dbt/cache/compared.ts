// What a comparison with a state found, kept between starts: of the same facts and the same state everything but a few ids is as it was.
// Said of one file of facts (its salt) and one state (its digest); of any other it says nothing.

import { Reader, type Pages } from './reader.ts'
import { digestOf, Writer, type Written } from './writer.ts'

/** `selfMade`: dbt's own macros come from this very state, so that they are compared with themselves and count for nothing. */
export function comparedKey(salt: string, stateDigest: string, selfMade: boolean): string {
  return digestOf(`${salt}\0${stateDigest}\0${String(selfMade)}`)
}

export function writeCompared(key: string, differing: readonly string[]): Written {
  const writer = new Writer()
  const root = writer.record(frame => { frame.text(key); frame.texts(differing) })
  writer.record(frame => { frame.int(root) })
  return writer.finish()
}

/** The ids that differ; null for another key. */
export function readCompared(pages: Pages, key: string): ReadonlySet<string> | null {
  const reader = new Reader(pages)
  const root = reader.at(reader.at(pages.words.length - 1).offset())
  return root.text() === key ? new Set(root.texts()) : null
}
