// Which type YAML 1.1 gives an unquoted scalar, as PyYAML's resolvers decide it. Reading and writing YAML both ask.

/** The short tags PyYAML resolves plain scalars to. */
export type PlainTag = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'merge' | 'value' | 'yaml' | 'str'

const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\n?$/
const INT = /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\n?$/
const TIMESTAMP = /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9][0-9])?))?)\n?$/

const spellings = (word: string): string[] => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]
const WORDS = new Map<string, PlainTag>([
  ...['yes', 'no', 'true', 'false', 'on', 'off'].flatMap(spellings).map((word): [string, PlainTag] => [word, 'bool']),
  ...spellings('null').map((word): [string, PlainTag] => [word, 'null']),
  ['~', 'null'], ['', 'null'], ['<<', 'merge'], ['=', 'value'], ['!', 'yaml'], ['&', 'yaml'], ['*', 'yaml'],
])

/** Source: yaml/resolver.py of PyYAML 6. Python's `$` also matches before a final line feed. */
export function plainYamlTag(text: string): PlainTag {
  const c = text.charCodeAt(0)
  if ((c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46) {
    if (FLOAT.test(text)) return 'float'
    if (c === 46) return 'str'
    if (INT.test(text)) return 'int'
    return c >= 48 && TIMESTAMP.test(text) ? 'timestamp' : 'str'
  }
  if (text.length > 6) return 'str'
  return WORDS.get(text.endsWith('\n') && text.length > 1 ? text.slice(0, -1) : text) ?? 'str'
}
