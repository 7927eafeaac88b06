// The nodes that a SQL, Python or CSV file declares, and the hooks of a project file. Nothing is evaluated.
// dbt 1.12: parser/models.py, snapshots.py, analysis.py, singular_test.py, seeds.py, functions.py, hooks.py.

import { extractBlocks } from '../../jinja/blocks.ts'
import { compact, NO_ITEMS } from '../../text/compact.ts'
import type { Place } from '../../text/span.ts'
import type { SourceFile } from '../files.ts'
import type { Problem } from '../problem.ts'
import type { Package, Project } from '../project/types.ts'
import { behaves } from './behaviour.ts'
import type { Declaration } from './declaration.ts'
import { foldersOf, originalPath, stemOf, withoutExtension } from './resource-file.ts'
import type { ResourceFile } from './resource-file.ts'
import { LazyChecksum, strippedText, templateOf } from './source-text.ts'
import type { NodeType } from './types.ts'
import { strayTags } from './stray-tags.ts'

export interface FileDeclarations { readonly nodes: readonly Declaration[]; readonly problems: readonly Problem[] }

const NOTHING: FileDeclarations = { nodes: [], problems: [] }

/** A file is read as one thing, seldom as two. */
interface Known { readonly key: string; readonly found: FileDeclarations; readonly next: Known | null }
const known = new WeakMap<SourceFile, Known>()

/** What a file declares as a resource of its kind; the same value as long as the file is the same. */
export function declarationsOf(resource: ResourceFile, project: Project): FileDeclarations {
  const jinja = behaves(project, 'allow_jinja_file_extensions')
  const corrected = behaves(project, 'require_corrected_analysis_fqns')
  const { rules } = project
  const key = [resource.kind, resource.packageName, resource.searchedPath, resource.relativePath, jinja, corrected, rules.name, project.flags.seedSizeLimit.value].join('\0')
  const first = known.get(resource.file) ?? null
  for (let each = first; each !== null; each = each.next) if (each.key === key) return each.found
  const found = declare(resource, project, stemOf(resource.relativePath, jinja), corrected)
  known.set(resource.file, { key, found, next: first })
  return found
}

function declare(resource: ResourceFile, project: Project, stem: string, corrected: boolean): FileDeclarations {
  const { relativePath } = resource
  const folders = foldersOf(relativePath)
  switch (resource.kind) {
    case 'model': return one(whole(resource, project, 'model', stem, relativePath, [...folders, stem]))
    case 'analysis': return one(whole(resource, project, 'analysis', stem, corrected && !project.rules.analysisPathKeepsFolder ? relativePath : `analysis/${relativePath}`, [...corrected ? [] : ['analysis'], ...folders, stem]))
    case 'singular_test': return one(whole(resource, project, 'test', stem, [...folders, `${stem}.sql`].join('/'), [...folders, stem]))
    case 'function': return one(whole(resource, project, 'function', stem, relativePath, [...folders, stem]))
    case 'seed': return one(seed(resource, project, stem, [...folders, stem]))
    case 'snapshot': return snapshots(resource, project)
    default: return NOTHING
  }
}

function one(node: Declaration): FileDeclarations { return { nodes: [node], problems: NO_ITEMS } }

/** Defaults of what most declarations have in common. */
function declaration(resource: ResourceFile, type: NodeType, name: string, path: string, fqn: readonly string[], rest: Pick<Declaration, 'language' | 'raw_code' | 'offset' | 'checksum' | 'place' | 'template'>): Declaration {
  return {
    type, name, path, ...rest,
    unique_id: `${type}.${resource.packageName}.${name}`, package_name: resource.packageName, original_file_path: originalPath(resource),
    fqn: compact([resource.packageName, ...fqn]), index: null, tags: NO_ITEMS, test: null, preset: null, error: null,
  }
}

function whole(resource: ResourceFile, project: Project, type: NodeType, name: string, path: string, fqn: readonly string[]): Declaration {
  const { file } = resource
  const { text, offset } = strippedText(file, project.rules)
  return declaration(resource, type, name, path, fqn, {
    language: path.endsWith('.py') ? 'python' : path.endsWith('.js') ? 'javascript' : 'sql',
    raw_code: text, offset, checksum: new LazyChecksum(text, project.rules.fileChecksum === 'collapsed'), place: wholeFile(file),
    template: keep => templateOf(file, text, offset, keep),
  })
}

function wholeFile(file: SourceFile): Place { return { path: file.path, start: 0, end: file.text.length } }

function seed(resource: ResourceFile, project: Project, name: string, fqn: readonly string[]): Declaration {
  const { file } = resource
  const limit = project.flags.seedSizeLimit.value
  const checksum = limit !== 0 && file.size > limit
    ? { name: 'path', checksum: originalPath(resource) }
    : file.checksum === undefined ? new LazyChecksum(strippedText({ ...file, text: project.rules.seedNewlines === 'universal' ? file.text.replace(/\r\n?/g, '\n') : file.text }, project.rules).text, false) : { name: 'sha256', checksum: file.checksum }
  return declaration(resource, 'seed', name, resource.relativePath, fqn, {
    language: 'sql', raw_code: '', offset: null, checksum, place: wholeFile(file), template: () => templateOf(file, '', 0),
  })
}

const SNAPSHOT: ReadonlySet<string> = new Set(['snapshot'])

function snapshots(resource: ResourceFile, project: Project): FileDeclarations {
  const { file } = resource
  const { text, offset } = strippedText(file, project.rules)
  const extraction = extractBlocks(text, SNAPSHOT)
  const { blocks, problem } = extraction
  const problems: Problem[] = project.rules.warnsOfStrayBlocks && resource.packageName === project.root.name ? strayTags(extraction, resource.relativePath, file.path, offset) : []
  const at = (start: number, end: number): Place => ({ path: file.path, start: start + offset, end: end + offset })
  if (problem) problems.push({ code: 'template-syntax', severity: 'error', message: problem.message, place: at(problem.start, problem.end) })
  const checksum = new LazyChecksum(text, project.rules.fileChecksum === 'collapsed')
  const folders = withoutExtension(resource.relativePath).split('/')
  const nodes: Declaration[] = []
  for (const block of blocks) {
    const name = block.name ?? ''
    const code = text.slice(block.contents.start, block.contents.end)
    const path = project.rules.snapshotBlockPath === 'name' ? [...folders.slice(0, -1), `${name}.sql`].join('/') : resource.relativePath
    nodes.push(declaration(resource, 'snapshot', name, path, [...folders, name], {
      language: 'sql', raw_code: code, offset: offset + block.contents.start, checksum, place: at(block.start, block.end),
      template: keep => templateOf(file, code, offset + block.contents.start, keep),
    }))
  }
  return { nodes, problems }
}

const hooksOf = new WeakMap<Package, readonly Declaration[]>()

/** `on-run-start` and `on-run-end` of a package as dbt's operations. */
export function hookDeclarations(of: Package, project: Project): readonly Declaration[] {
  let hooks = hooksOf.get(of)
  if (!hooks) hooksOf.set(of, hooks = [...hookList(of, project, 'on-run-start', of.onRunStart), ...hookList(of, project, 'on-run-end', of.onRunEnd)])
  return hooks
}

function hookList(of: Package, project: Project, kind: string, hooks: Package['onRunStart']): Declaration[] {
  const checksum = new LazyChecksum(strippedText(of.file, project.rules).text, project.rules.fileChecksum === 'collapsed')
  return hooks.map(({ sql, start, end }, index) => {
    const name = `${of.name}-${kind}-${index}`
    return {
      type: 'operation', name, unique_id: `operation.${of.name}.${name}`, package_name: of.name, path: `hooks/${name}.sql`, original_file_path: './dbt_project.yml',
      fqn: [of.name, 'hooks', name], language: 'sql', raw_code: sql, offset: literalOffset(of.file.text, sql, start, end), checksum, place: { path: of.file.path, start, end },
      template: () => templateOf(of.file, sql, start), index, tags: [kind], test: null, preset: null, error: null,
    }
  })
}

/** Where the hook's text begins in the file, when it stands there as it is (not folded, not escaped). */
function literalOffset(text: string, sql: string, start: number, end: number): number | null {
  const at = text.indexOf(sql, start)
  return at >= 0 && at + sql.length <= end + 1 ? at : null
}
