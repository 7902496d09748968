-- Writes a fragment: a document in JSON in, JSON {html, complaints} out.

local options = pandoc.WriterOptions {
  wrap_text = 'none',
  html_math_method = 'mathml',
  highlight_method = 'none',
}

local document = pandoc.read(io.read('a'), 'json')
local complaints, html = pandoc.log.silence(pandoc.write, document, 'html5', options)
io.write(pandoc.json.encode {html = html, complaints = pandoc.List(complaints)})
