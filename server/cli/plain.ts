// Markdown of ours as a terminal shows it: no marks, and what stands in fences as it is.

export function plainText(markdown: string): string {
  return markdown.split(/^ *```(?:diff)?\n([\s\S]*?)\n *```$/m).map((part, at) => (at % 2 === 1 ? part : part.replaceAll(/\*\*([^*]+)\*\*/g, '$1').replaceAll('`', '').replaceAll(/^---\n+/gm, ''))).join('')
}
