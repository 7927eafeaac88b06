// A node seen through a window that notes what of it an evaluation reads, and results of evaluations that are the same for every node
// in which those parts are the same: hooks and naming macros of thousands of nodes look at a config key or two.
// Only for evaluations that leave nothing behind but a text: no calls, no places.

import type { Value } from '../../jinja/value.ts'
import type { Config } from '../nodes/types.ts'
import type { NodeDraft } from './types.ts'

type Field = keyof NodeDraft

/** What was read, by field; keys of the config stand under `config\0KEY`, the config as a whole under `config`; likewise `model`. */
type DraftReads = ReadonlyMap<string, unknown>

const GENERIC = '\0generic'

/** Whether it is a generic test. Its arguments are another thing to read: no two nodes have the same. */
export function isGeneric(draft: NodeDraft): boolean { return draft instanceof WatchedDraft ? draft.isGeneric : draft.testKwargs !== null }

interface Remembered<T> { readonly reads: DraftReads; readonly result: T }

/** How many results with different reads one key may have: a text that looks at the node's name has as many as there are nodes. */
const LIMIT = 6
/** The same for a key whose results are mostly found again. */
const USEFUL = 40
const KEPT = 20_000

interface Results<T> { readonly known: Remembered<T>[]; found: number }

/** Results by a key that says everything but the node. */
export class SharedEvaluations<T> {
  private readonly known = new Map<string, Results<T> | null>()

  /** `evaluate` gets a draft that watches; `isShareable` says whether nothing in the result belongs to the node. */
  get(key: string, draft: NodeDraft, evaluate: (draft: NodeDraft) => T, isShareable: (result: T) => boolean): T {
    let results = this.known.get(key)
    if (results === undefined) {
      if (this.known.size >= KEPT) this.known.clear()
      // A text that one node alone has is not worth watching.
      this.known.set(key, null)
      return evaluate(draft)
    }
    if (results === null) this.known.set(key, results = { known: [], found: 0 })
    const { known } = results
    for (const one of known) {
      if (!stillSo(one.reads, draft)) continue
      results.found++
      return one.result
    }
    if (known.length >= USEFUL || (known.length >= LIMIT && results.found < 2 * known.length)) return evaluate(draft)
    const watched = new WatchedDraft(draft)
    const result = evaluate(watched)
    if (isShareable(result)) known.push({ reads: watched.reads, result })
    return result
  }
}

function stillSo(reads: DraftReads, draft: NodeDraft): boolean {
  for (const [key, value] of reads) {
    const at = key.indexOf('\0')
    const now = key === GENERIC ? isGeneric(draft) : at < 0 ? draft[key as Field] : draft[key.slice(0, at) as 'config' | 'model'].get(key.slice(at + 1))
    if (!Object.is(now, value)) return false
  }
  return true
}

class WatchedDraft implements NodeDraft {
  readonly reads = new Map<string, unknown>()
  readonly config: Config
  readonly model: NodeDraft['model']
  private readonly draft: NodeDraft
  constructor(draft: NodeDraft) {
    this.draft = draft
    this.config = new WatchedMap('config', draft.config, this.reads)
    this.model = new WatchedMap('model', draft.model, this.reads)
  }
  private read<K extends Field>(field: K): NodeDraft[K] {
    const value = this.draft[field]
    this.reads.set(field, value)
    return value
  }
  get unique_id(): NodeDraft['unique_id'] { return this.read('unique_id') }
  get resource_type(): NodeDraft['resource_type'] { return this.read('resource_type') }
  get name(): NodeDraft['name'] { return this.read('name') }
  get package_name(): NodeDraft['package_name'] { return this.read('package_name') }
  get path(): NodeDraft['path'] { return this.read('path') }
  get original_file_path(): NodeDraft['original_file_path'] { return this.read('original_file_path') }
  get fqn(): NodeDraft['fqn'] { return this.read('fqn') }
  get language(): NodeDraft['language'] { return this.read('language') }
  get version(): NodeDraft['version'] { return this.read('version') }
  get raw_code(): NodeDraft['raw_code'] { return this.read('raw_code') }
  get file(): NodeDraft['file'] { return this.read('file') }
  get offset(): NodeDraft['offset'] { return this.read('offset') }
  get database(): NodeDraft['database'] { return this.read('database') }
  get schema(): NodeDraft['schema'] { return this.read('schema') }
  get alias(): NodeDraft['alias'] { return this.read('alias') }
  get declared(): NodeDraft['declared'] { return this.read('declared') }
  get testKwargs(): NodeDraft['testKwargs'] { return this.read('testKwargs') }
  get isGeneric(): boolean {
    const value = isGeneric(this.draft)
    this.reads.set(GENERIC, value)
    return value
  }
}

/** Whoever looks at more than single keys reads the whole. */
class WatchedMap implements ReadonlyMap<string, Value> {
  private readonly field: 'config' | 'model'
  private readonly map: ReadonlyMap<string, Value>
  private readonly reads: Map<string, unknown>
  constructor(field: 'config' | 'model', map: ReadonlyMap<string, Value>, reads: Map<string, unknown>) {
    this.field = field
    this.map = map
    this.reads = reads
  }
  private whole(): ReadonlyMap<string, Value> {
    this.reads.set(this.field, this.map)
    return this.map
  }
  get(key: string): Value | undefined {
    const value = this.map.get(key)
    this.reads.set(`${this.field}\0${key}`, value)
    return value
  }
  has(key: string): boolean { return this.get(key) !== undefined }
  get size(): number { return this.whole().size }
  entries(): MapIterator<[string, Value]> { return this.whole().entries() }
  keys(): MapIterator<string> { return this.whole().keys() }
  values(): MapIterator<Value> { return this.whole().values() }
  [Symbol.iterator](): MapIterator<[string, Value]> { return this.whole()[Symbol.iterator]() }
  forEach(callback: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void { this.whole().forEach(callback) }
}
