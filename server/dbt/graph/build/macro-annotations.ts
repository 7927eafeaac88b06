// What a property file says of a macro's arguments, held against the macro: names in order, number, types (dbt 1.12: parser/schemas.py
// MacroPatchParser._check_patch_arguments, is_valid_type; the behaviour flag validate_macro_args). dbt only warns.

/** Names that a type begins with, and how many types in brackets they want. */
const TYPES: ReadonlyMap<string, number> = new Map([
  ['str', 0], ['string', 0], ['bool', 0], ['int', 0], ['integer', 0], ['float', 0], ['any', 0], ['list', 1], ['dict', 2], ['optional', 1], ['relation', 0], ['column', 0],
])

interface Argument { readonly name: string; readonly type: string | null }

/** `index`: the argument of the property file that is meant; null for their number. */
export interface AnnotationFault { readonly message: string; readonly index: number | null }

/** In dbt's order. `defined`: the names in the macro's Jinja. */
export function annotationFaults(macro: string, defined: readonly string[], said: readonly Argument[]): readonly AnnotationFault[] {
  if (said.length === 0) return []
  const faults: AnnotationFault[] = []
  for (const [index, { name }] of said.entries()) {
    if (index < defined.length && name !== defined[index]) faults.push({ index, message: `Argument ${name} in yaml for macro ${macro} does not match the jinja definition.` })
  }
  if (said.length !== defined.length) faults.push({ index: null, message: `The number of arguments in the yaml for macro ${macro} does not match the jinja definition.` })
  for (const [index, { name, type }] of said.entries()) {
    if (type !== null && type.trim() !== '' && !isType(type)) faults.push({ index, message: `Argument ${name} in the yaml for macro ${macro} has an invalid type.` })
  }
  return faults
}

function isType(text: string): boolean {
  const squeezed = text.replace(/[ \t]/g, '')
  return typeEnd(squeezed, 0) === squeezed.length
}

/** Where the type that begins at `from` ends; null when none does. */
function typeEnd(text: string, from: number): number | null {
  const name = /^[a-z]+/.exec(text.slice(from))?.[0] ?? ''
  const wanted = TYPES.get(name)
  if (wanted === undefined) return null
  let at = from + name.length
  if (wanted === 0) return at
  for (let count = 0; count < wanted; count++) {
    if (text[at] !== (count === 0 ? '[' : ',')) return null
    const end = typeEnd(text, at + 1)
    if (end === null) return null
    at = end
  }
  return text[at] === ']' ? at + 1 : null
}
