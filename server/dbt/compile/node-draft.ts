// A finished node as the evaluator takes it, and the template of its raw_code. Nothing is decided here.

import { parseTemplate } from '../../jinja/parse.ts'
import type { Template } from '../../jinja/nodes.ts'
import { strip } from '../../text/python.ts'
import type { NodeDraft } from '../context/types.ts'
import type { Files } from '../files.ts'
import { templateOf } from '../nodes/source-text.ts'
import type { ManifestNode } from '../nodes/types.ts'

export function draftOf(node: ManifestNode): NodeDraft {
  return {
    unique_id: node.unique_id, resource_type: node.resource_type, name: node.name, package_name: node.package_name, path: node.path, original_file_path: node.original_file_path, fqn: node.fqn,
    language: node.language, version: node.version, raw_code: node.raw_code, file: node.place.path, offset: node.rawCodeOffset ?? node.place.start, config: node.config,
    database: node.database, schema: node.schema, alias: node.alias, model: new Map(), testKwargs: node.test?.metadata.kwargs ?? null,
  }
}

/** The node with the text of its file unstripped, where the file is the node. */
export function wholeFile(files: Files, node: ManifestNode): ManifestNode {
  const file = files.get(node.place.path)
  return file && node.rawCodeOffset !== null && node.language === 'sql' && strip(file.text) === node.raw_code ? { ...node, raw_code: file.text, rawCodeOffset: 0 } : node
}

const generated = new WeakMap<ManifestNode, Template>()

/** Parsed once for each file and place; generated texts (generic tests, YAML snapshots) once for each node. */
export function templateOfNode(files: Files, node: ManifestNode): Template {
  const file = files.get(node.place.path)
  if (file && node.rawCodeOffset !== null && file.text.startsWith(node.raw_code, node.rawCodeOffset)) return templateOf(file, node.raw_code, node.rawCodeOffset)
  let template = generated.get(node)
  if (!template) generated.set(node, template = parseTemplate(node.raw_code))
  return template
}
