// `{% docs %}` blocks of Markdown files, and descriptions with the docs they name. dbt 1.12: parser/docs.py, parser/manifest.py process_docs.

import { extractBlocks } from '../../../jinja/blocks.ts'
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
    if (problem && build.project.rules.refusesBrokenDocs) problems.push({ code: 'template-syntax', severity: 'error', message: problem.message, place: { path: file.path, start: problem.start + offset, end: problem.end + offset } })
    const docs = blocks.flatMap(block => {
      if (block.name === null) return []
      const span = block.nameSpan ?? block
      const place: Place = { path: file.path, start: span.start + offset, end: span.end + offset }
      const contents = text.slice(block.contents.start, block.contents.end)
      return [docResource(resource, block.name, place, strip(rendered(resource.packageName, contents, { ...place, start: block.contents.start + offset }, problems)))]
    })
    return { docs, problems }
  })
  for (const problem of made.problems) report(build, problem.code, problem.message, problem.place)
  return made.docs
}

function rendered(packageName: string, text: string, place: Place, problems: Problem[]): string {
  if (!text.includes('{')) return text
  const result = renderDocBlock(text, { path: place.path, offset: place.start }, `doc.${packageName}`)
  if (result.problem) problems.push(result.problem)
  return result.text ?? text
}

function docResource(resource: ResourceFile, name: string, place: Place, contents: string): OtherResource {
  return {
    resource_type: 'doc', unique_id: `doc.${resource.packageName}.${name}`, name, package_name: resource.packageName, path: resource.relativePath, original_file_path: originalPath(resource), fqn: [], place,
    description: '', enabled: true, config: new Map(), unrendered_config: new Map(), tags: [], meta: new Map(), properties: new Map([['block_contents', contents]]), group: null, version: null,
    refs: [], sources: [], metrics: [], calls: [], depends_on: { nodes: [], macros: [] }, problems: [], unknown: [],
  }
}
