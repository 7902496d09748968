-- Writes many fragments in one process: JSON list of documents (as strings) in,
-- JSON list of {html, complaints} out.

local options = pandoc.WriterOptions {
  wrap_text = 'none',
  html_math_method = 'mathml',
  highlight_method = 'none',
}

local written = {}
for _, document in ipairs(pandoc.json.decode(io.read('a'), false)) do
  local complaints, html =
    pandoc.log.silence(pandoc.write, pandoc.read(document, 'json'), 'html5', options)
  written[#written + 1] = {html = html, complaints = pandoc.List(complaints)}
end
io.write(pandoc.json.encode(written))
