// Workflows and actions -> what GitHub's own language service says of them, one line a complaint.
//
//   node check.mjs FOLDER FILE...     FOLDER holds the node_modules with the service

import { readFileSync } from "node:fs"
import { createRequire, register } from "node:module"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"

register("./json.mjs", import.meta.url)
const [folder, ...paths] = process.argv.slice(2)
const modules = join(resolve(folder), "node_modules")
const service = join(modules, "@actions/languageservice/dist/index.js")
const { validate } = await import(pathToFileURL(service))
const { TextDocument } = createRequire(service)("vscode-languageserver-textdocument")

let complaints = 0
for (const path of paths) {
  const text = readFileSync(path, "utf8")
  const document = TextDocument.create(pathToFileURL(path).href, "yaml", 1, text)
  for (const { range, message } of await validate(document, {})) {
    complaints += 1
    console.log(`${path}:${range.start.line + 1}: ${message}`)
  }
}
process.exit(complaints ? 1 : 0)
