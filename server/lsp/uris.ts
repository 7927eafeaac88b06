// File URIs to absolute paths and back. Only `file:` documents have a path; others (untitled, git) are not ours.

import { URI } from 'vscode-uri'

export function pathOf(uri: string): string | null {
  try {
    const parsed = URI.parse(uri)
    return parsed.scheme === 'file' ? parsed.fsPath.replaceAll('\\', '/') : null
  } catch {
    return null
  }
}

export function uriOf(path: string): string {
  return URI.file(path).toString()
}
