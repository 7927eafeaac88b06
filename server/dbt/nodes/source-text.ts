// The text of a file as dbt keeps it: stripped at both ends, hashed, parsed once. Facts hang on the SourceFile, so nothing needs to be invalidated.

import { createHash } from 'node:crypto'
import { parseTemplate } from '../../jinja/parse.ts'
import type { Template } from '../../jinja/nodes.ts'
import { isSpace, splitSpace } from '../../text/python.ts'
import type { SourceFile } from '../files.ts'
import type { Rules } from '../rules/rules.ts'

export interface StrippedText { readonly text: string; /** Of `text` in the file. */ readonly offset: number }

/** Python's str.strip() of a file (dbt_common load_file_contents). dbt 2 keeps the ends. */
export function strippedText(file: SourceFile, rules: Rules): StrippedText {
  const { text } = file
  if (!rules.stripsFiles) return { text, offset: 0 }
  let start = 0
  let end = text.length
  while (start < end && isSpace(text.charCodeAt(start))) start++
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return { text: text.slice(start, end), offset: start }
}

/** By path: of a file that is typed in, only the last text's trees are kept. Older ones would fill the young generation and make its collections long. */
const templates = new Map<string, { readonly file: SourceFile; readonly parts: Map<string, Template> }>()

/** Trees (and what is compiled of them) weigh ten times their text: those of the files asked for last are kept, the others are parsed again when needed. */
const KEPT_FILES = 200

/** The template of a part of a file; `start` says which part. Who needs it once does not make others lose theirs. */
export function templateOf(file: SourceFile, text: string, start: number, keep = true): Template {
  const key = `${start}:${text.length}`
  let known = templates.get(file.path)
  if (!keep) return (known?.file === file ? known.parts.get(key) : undefined) ?? parseTemplate(text)
  if (known?.file !== file) {
    templates.set(file.path, known = { file, parts: new Map<string, Template>() })
    if (templates.size > KEPT_FILES) dropOldest(templates)
  }
  let template = known.parts.get(key)
  if (!template) known.parts.set(key, template = parseTemplate(text))
  return template
}

const texts = new Map<string, Template>()
const KEPT_TEXTS = 1000

/** The template of a short text that comes again and again: a hook of many models, a generic test, an argument of one. */
export function templateOfText(text: string): Template {
  let template = texts.get(text)
  if (!template) {
    template = parseTemplate(text)
    if (text.length > LONG) return template
    texts.set(text, template)
    if (texts.size > KEPT_TEXTS) dropOldest(texts)
  }
  return template
}

const LONG = 2000

function dropOldest(map: Map<unknown, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}

export interface Checksum { readonly name: string; readonly checksum: string }

/** The empty FileHash. */
export const NO_CHECKSUM: Checksum = { name: 'none', checksum: '' }

/** sha256 of a stripped text, hashed when first asked for (FileHash.from_contents; since 1.12 of the text with its white space collapsed). */
export class LazyChecksum implements Checksum {
  readonly name = 'sha256'
  private readonly text: string
  private readonly collapsed: boolean
  private known: string | null = null
  constructor(text: string, collapsed: boolean) {
    this.text = text
    this.collapsed = collapsed
  }
  get checksum(): string {
    return this.known ??= sha256(this.collapsed ? splitSpace(this.text).join(' ') : this.text)
  }
  toJSON(): Checksum { return { name: this.name, checksum: this.checksum } }
}

export function sha256(text: string): string { return createHash('sha256').update(text, 'utf8').digest('hex') }
export function md5(text: string): string { return createHash('md5').update(text, 'utf8').digest('hex') }
