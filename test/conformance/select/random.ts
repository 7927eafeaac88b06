// Random arguments of `dbt ls` and a random selectors.yml for a project whose nodes are known: every method, wildcard, set and graph operator,
// each output form, and words that dbt refuses. The same for the same random.

import path from 'node:path'

export type Node = Readonly<Record<string, unknown>>
export interface Draw { any<T>(items: readonly T[]): T; chance(of: number): boolean }

export function drawOf(random: () => number): Draw {
  return { any: (items) => items[Math.floor(random() * items.length)] as never, chance: (of) => random() < of }
}

const TYPES = ['model', 'test', 'source', 'seed', 'snapshot', 'exposure', 'metric', 'analysis', 'unit_test', 'semantic_model', 'saved_query', 'function', 'all', 'default']
const MODES = ['eager', 'cautious', 'buildable', 'empty']
const KEYS = ['name', 'resource_type', 'unique_id', 'alias', 'tags', 'config', 'config.materialized', 'config.meta', 'config.enabled', 'depends_on', 'depends_on.nodes', 'fqn', 'path', 'original_file_path', 'package_name', 'nonsense', 'direct_parents', 'description', 'schema', 'database', 'raw_code', 'source_name']

/** Arguments after `dbt ls`. */
export function randomArguments(nodes: readonly Node[], selectors: readonly string[], draw: Draw): string[] {
  const { any, chance } = draw
  const out: string[] = []
  const models = chance(0.08)
  if (!models && selectors.length > 0 && chance(0.15)) out.push('--selector', chance(0.1) ? 'no_such_selector' : any(selectors))
  else if (chance(0.93)) {
    out.push(models ? any(['--models', '-m', '--model']) : any(['--select', '-s']), ...terms(nodes, selectors, draw))
    if (chance(0.3)) out.push('--exclude', ...terms(nodes, selectors, draw))
  }
  if (!models && chance(0.25)) out.push(any(['--resource-type', '--resource-types']), any(TYPES), ...(chance(0.3) ? ['--resource-type', any(TYPES)] : []))
  if (chance(0.12)) out.push(any(['--exclude-resource-type', '--exclude-resource-types']), any(TYPES.slice(0, 11)))
  if (chance(0.25)) out.push('--indirect-selection', any(MODES))
  if (chance(0.6)) out.push('--output', any(['name', 'path', 'selector', 'json', 'json']))
  if (out.at(-1) === 'json' && chance(0.4)) out.push('--output-keys', ...Array.from({ length: any([1, 2, 3, 4]) }, () => any(KEYS)))
  return out
}

function terms(nodes: readonly Node[], selectors: readonly string[], draw: Draw): string[] {
  const { any, chance } = draw
  const list = Array.from({ length: any([1, 1, 1, 2, 3]) }, () => Array.from({ length: any([1, 1, 1, 2, 2, 3]) }, () => operated(atom(nodes, selectors, draw), draw)).join(','))
  return chance(0.3) ? [list.join(' ')] : list
}

function operated(text: string, { any }: Draw): string {
  return any([text, text, text, text, `+${text}`, `${text}+`, `1+${text}`, `${text}+2`, `@${text}`, `2+${text}+1`, `+${text}+`, `+${text}+3`, `0+${text}`, `@${text}`])
}

function atom(nodes: readonly Node[], selectors: readonly string[], { any, chance }: Draw): string {
  if (chance(0.03)) return any(['tagg:x', 'version:newest', 'test_type:fancy', 'resource_type:thing', 'source:a.b.c.d', 'exposure:a.b.c', 'metric:a.b.c', 'state:modified', 'result:error', 'source_status:fresher', 'config.:x', '', 'selector:nothing_*', '@x+'])
  const node = any(nodes)
  const text = (key: string): string => String(node[key] ?? '')
  const name = text('name')
  const file = text('original_file_path')
  const folder = path.posix.dirname(file)
  const fqn = (node['fqn'] as string[] | undefined) ?? [name]
  const config = (node['config'] as Record<string, unknown> | undefined) ?? {}
  const tags = (node['tags'] as string[] | undefined) ?? []
  const piece = (word: string): string => any([`${word.slice(0, 3)}*`, `*${word.slice(-2)}`, `*${word.slice(1, 4)}*`, `${word.slice(0, 1)}?*`, `[${word.slice(0, 1)}z]*`, `[!${word.slice(0, 1)}]*`])
  switch (any(['name', 'name', 'tag', 'path', 'path', 'package', 'fqn', 'fqn', 'wild', 'config', 'config', 'type', 'test_name', 'test_type', 'file', 'source', 'own', 'version', 'access', 'group', 'selector'])) {
    case 'tag': return `tag:${tags.length > 0 ? any([any(tags), piece(any(tags))]) : any(['none', '*'])}`
    case 'path': return any([`path:${file}`, `path:${folder}`, folder, `${folder}/*`, `path:${folder.split('/')[0] ?? ''}/**`, `path:${folder.split('/')[0] ?? ''}/*/*`, `path:**/${path.posix.basename(file)}`, `./${file}`, `path:${folder}/`, `path:${piece(folder)}`])
    case 'package': return any([`package:${text('package_name')}`, 'package:this', text('package_name'), `package:${piece(text('package_name'))}`, `${text('package_name')}.*`])
    case 'fqn': return any([fqn.join('.'), fqn.slice(0, 2).join('.'), fqn.slice(1).join('.'), `fqn:${fqn.slice(0, any([1, 2, 3])).join('.')}`, fqn.slice(-1).join('.')])
    case 'wild': return any([piece(name), `${fqn[0] ?? ''}.*.${name}`, `fqn:${piece(name)}`, `${fqn.slice(0, 2).join('.')}.*`, '*', 'fqn:*', `${fqn.slice(0, -1).join('.')}.${piece(name)}`])
    case 'config': {
      const plain = Object.entries(config).flatMap(([key, value]) => (value !== null && typeof value !== 'object' ? [`config.${key}:${String(value)}`] : Array.isArray(value) ? value.filter((each) => typeof each === 'string').map((each) => `config.${key}:${each}`) : typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([inner, each]) => (each !== null && typeof each !== 'object' ? [`config.${key}.${inner}:${String(each)}`] : [])) : []))
      return any([...plain, 'config.materialized:view', 'config.materialized:table', 'config.severity:WARN', 'config.enabled:True', 'config.nothing:1'].filter((each) => !/[\s,+@]/.test(each)))
    }
    case 'type': return `resource_type:${any(TYPES.slice(0, 12))}`
    case 'test_name': return any(['test_name:unique', 'test_name:not_null', 'test_name:*null', `test_name:${name}`, 'test_name:accepted_*', 'test_name:dbt_utils*'])
    case 'test_type': return `test_type:${any(['generic', 'singular', 'unit', 'data', 'schema'])}`
    case 'file': return any([`file:${path.posix.basename(file)}`, path.posix.basename(file), `file:${path.posix.basename(file).replace(/\.\w+$/, '')}`, `file:${piece(path.posix.basename(file))}`])
    case 'source': return any(['source:*', `source:${text('source_name') || '*'}`, `source:${text('package_name')}.*`, `source:${text('source_name') || '*'}.${name}`, `source:*.*.${piece(name)}`, `source:${piece(text('source_name'))}.*`])
    case 'own': return ['exposure', 'metric', 'semantic_model', 'saved_query', 'unit_test'].includes(text('resource_type')) ? any([`${text('resource_type')}:${name}`, `${text('resource_type')}:${piece(name)}`, `${text('resource_type')}:${text('package_name')}.${name}`]) : any(['exposure:*', 'metric:*', 'semantic_model:*', 'saved_query:*', 'unit_test:*'])
    case 'version': return any(['version:latest', 'version:old', 'version:none', 'version:prerelease', node['version'] === null || node['version'] === undefined ? name : any([`${name}.v${text('version')}`, `${name}_v${text('version')}`])])
    case 'access': return any(['access:private', 'access:protected', 'access:public'])
    case 'group': return `group:${any([String(config['group'] ?? 'none'), '*'])}`
    case 'selector': return selectors.length > 0 ? `selector:${any([any(selectors), piece(any(selectors))])}` : name
    default: return node['resource_type'] === 'source' ? `source:${text('source_name')}.${name}` : name
  }
}

/** Names and the text of a selectors.yml with all forms: texts, one key, method and value, union, intersection, exclude, others by name, a default. */
export function randomSelectors(nodes: readonly Node[], draw: Draw): { readonly names: readonly string[]; readonly text: string } {
  const { any, chance } = draw
  const names: string[] = []
  const standing = chance(0.3) ? any([0, 1, 2]) : -1
  const simple = (): string => { for (;;) { const term = atom(nodes, [], draw); if (/^\w+(\.\w+)*:[^:'"]+$/.test(term) && !/^(tagg|version:newest|test_type:fancy|resource_type:thing|source:a|exposure:a|metric:a|state|result|source_status)/.test(term)) return term } }
  const method = (): unknown => {
    const [key = '', ...rest] = simple().split(':')
    const value = rest.join(':')
    if (chance(0.3)) return { [key]: value }
    return {
      method: key, value, ...(chance(0.25) ? { parents: true } : {}), ...(chance(0.15) ? { parents: true, parents_depth: any([1, 2, '3']) } : {}), ...(chance(0.25) ? { children: true } : {}), ...(chance(0.15) ? { children: true, children_depth: 1 } : {}),
      ...(chance(0.2) ? { indirect_selection: any(MODES) } : {}), ...(chance(0.2) ? { exclude: [part(3)] } : {}),
    }
  }
  const part = (depth: number): unknown => {
    if (depth < 2 && chance(0.3)) return { [any(['union', 'intersection'])]: Array.from({ length: any([1, 2, 3]) }, () => part(depth + 1)).concat(chance(0.3) ? [{ exclude: [part(2), ...(chance(0.5) ? [part(2)] : [])] }] : []) }
    if (chance(0.15) && names.length > 0) return { method: 'selector', value: any(names) }
    return chance(0.3) ? any([simple(), `+${simple()}`, `${simple()}+1`]) : method()
  }
  const selectors = Array.from({ length: 6 }, (_, index) => {
    const name = `${any(['daily', 'slim', 'wide', 'odd'])}_${index}`
    const definition = chance(0.2) ? simple() : chance(0.5) ? { [any(['union', 'intersection'])]: [part(0), part(1)].concat(chance(0.4) ? [{ exclude: [part(1)] }] : []) } : method()
    names.push(name)
    return { name, ...(chance(0.3) ? { description: 'drawn' } : {}), ...(index === standing ? { default: true } : {}), definition }
  })
  return { names, text: JSON.stringify({ selectors }, null, 1) }
}
