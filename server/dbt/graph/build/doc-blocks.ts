// `{% docs %}` blocks of Markdown files, and descriptions with the docs they name. dbt 1.12: parser/docs.py, parser/manifest.py process_docs.

import { extractBlocks } from '../../../jinja/blocks.ts'
import { parseTemplate } from '../../../jinja/parse.ts'
import { strip } from '../../../text/python.ts'
import type { Place } from '../../../text/span.ts'
import { renderDocBlock } from '../../context/render-yaml.ts'
import { originalPath } from '../../nodes/resource-file.ts'
import type { ResourceFile } from '../../nodes/resource-file.ts'
import { strippedText } from '../../nodes/source-text.ts'
import type { OtherResource } from '../../nodes/types.ts'
import type { Problem } from '../../problem.ts'
import { report } from './build.ts'
import type { Build } from './build.ts'

const DOCS: ReadonlySet<string> = new Set(['docs'])

export function docBlocks(build: Build, resource: ResourceFile): readonly OtherResource[] {
  const { file } = resource
  const made = build.memory.fromEntry(file, `docs ${originalPath(resource)} ${resource.packageName}`, () => {
    const problems: Problem[] = []
    const { text, offset } = strippedText(file, build.project.rules)
    const { blocks, problem } = extractBlocks(text, DOCS)
    const { rendersDocsBlocks } = build.project.rules
    if (problem) problems.push({ code: 'template-syntax', severity: rendersDocsBlocks ? 'error' : 'warning', message: problem.message, place: { path: file.path, start: problem.start + offset, end: problem.end + offset } })
    const docs = blocks.flatMap(block => {
      if (block.name === null) return []
      const span = block.nameSpan ?? block
      const place: Place = { path: file.path, start: span.start + offset, end: span.end + offset }
      const contents = text.slice(block.contents.start, block.contents.end)
      const at = { ...place, start: block.contents.start + offset }
      const shown = rendersDocsBlocks ? rendered(resource.packageName, contents, at, problems) : leadingText(contents, at, problems)
      return shown === null ? [] : [docResource(resource, block.name, place, strip(shown))]
    })
    return { docs: rendersDocsBlocks || problems.length === 0 ? docs : [], problems }
  })
  for (const problem of made.problems) report(build, problem.code, problem.message, problem.place, problem.severity)
  return made.docs
}

function rendered(packageName: string, text: string, place: Place, problems: Problem[]): string {
  if (!text.includes('{')) return text
  const result = renderDocBlock(text, { path: place.path, offset: place.start }, `doc.${packageName}`)
  if (result.problem) problems.push(result.problem)
  return result.text ?? text
}

/** dbt 2: the text before the first Jinja; null when there is none. A broken block is a warning. */
function leadingText(text: string, place: Place, problems: Problem[]): string | null {
  const { body: [first], errors: [error] } = parseTemplate(text)
  if (error) problems.push({ code: 'template-syntax', severity: 'warning', message: error.message, place: { path: place.path, start: place.start + error.start, end: place.start + error.end } })
  const comment = text.startsWith('{#')
  return first?.kind === 'Text' && !comment ? first.text : null
}

function docResource(resource: ResourceFile, name: string, place: Place, contents: string): OtherResource {
  return {
    resource_type: 'doc', unique_id: `doc.${resource.packageName}.${name}`, name, package_name: resource.packageName, path: resource.relativePath, original_file_path: originalPath(resource), fqn: [], place,
    description: '', enabled: true, config: new Map(), unrendered_config: new Map(), tags: [], meta: new Map(), properties: new Map([['block_contents', contents]]), group: null, version: null,
    refs: [], sources: [], metrics: [], calls: [], depends_on: { nodes: [], macros: [] }, problems: [], unknown: [],
  }
}
