// Node 20 wants every import of JSON to say so; the package's do not.
export async function load(url, context, next) {
  const json = url.endsWith(".json")
  return next(url, json ? { ...context, importAttributes: { type: "json" } } : context)
}
