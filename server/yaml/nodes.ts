// The tree of a YAML text, with exact places, and what is wrong with the text.
// Plain data only: no dbt, no Jinja values; whoever needs other values converts (see each kind's comment).

/** A value as PyYAML's SafeLoader makes it: int is bigint, float is number. */
export type YamlValue = null | boolean | bigint | number | string | YamlDate | YamlDatetime | YamlBytes

export interface YamlDate { readonly type: 'date'; readonly year: number; readonly month: number; readonly day: number }

/** `offset` is the distance from UTC in seconds, null for a naive one. */
export interface YamlDatetime {
  readonly type: 'datetime'
  readonly year: number; readonly month: number; readonly day: number
  readonly hour: number; readonly minute: number; readonly second: number; readonly microsecond: number
  readonly offset: number | null
}

/** `!!binary`, decoded: one character for each byte. */
export interface YamlBytes { readonly type: 'bytes'; readonly bytes: string }

export type YamlNode = YamlScalar | YamlSeq | YamlMap

interface Placed {
  /** UTF-16 offsets, without anchor and tag. For an alias, of the `*name`; its children lie at the anchor. */
  readonly start: number
  readonly end: number
  /** The explicit tag in full, as `tag:yaml.org,2002:set`; null without one. */
  readonly tag: string | null
  /** The name when this node is written as `*name`; else null. Children of an alias belong to the anchor's place. */
  readonly alias: string | null
}

/** `missing`: nothing is written (`key:`), the place is where it would be. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded' | 'missing'

export interface YamlScalar extends Placed {
  readonly kind: 'scalar'
  readonly value: YamlValue
  /** The decoded text before it was given a type; what a value of type str would be. */
  readonly text: string
  readonly style: ScalarStyle
}

/** `tag` ending in `:omap` or `:pairs` makes it a list of two-tuples in Python. */
export interface YamlSeq extends Placed {
  readonly kind: 'seq'
  readonly items: readonly YamlNode[]
  readonly flow: boolean
}

export interface YamlEntry { readonly key: YamlNode; readonly value: YamlNode }

/** `tag` ending in `:set` makes it a set of the keys in Python. */
export interface YamlMap extends Placed {
  readonly kind: 'map'
  /** As Python's dict has them: merge keys resolved, of equal keys the place of the first and the value of the last. */
  readonly entries: readonly YamlEntry[]
  /** As written, `<<` and duplicates included; the same array when nothing differs. */
  readonly written: readonly YamlEntry[]
  readonly flow: boolean
}

/**
 * syntax: the text is refused (libyaml's scanner, parser; PyYAML's composer) · value: a part is refused (PyYAML's constructor)
 * · duplicate-key: legal, dbt deprecates it · limit: our own guard.
 */
export type YamlProblemKind = 'syntax' | 'value' | 'duplicate-key' | 'limit'

export interface YamlProblem {
  readonly kind: YamlProblemKind
  /** PyYAML's words (its C loader's, which dbt uses). */
  readonly message: string
  readonly start: number
  readonly end: number
  /** PyYAML's second line of thought, as 'while parsing a block mapping', with its place. */
  readonly context: string | null
  readonly contextStart: number | null
}

export interface YamlDocument {
  /** null for a text without any node. */
  readonly root: YamlNode | null
  /** The first one of kind syntax or value is what dbt reports. */
  readonly problems: readonly YamlProblem[]
}
