-- Writes many fragments in one process: JSON list of documents (as strings) in, JSON list of HTML out.

local options = pandoc.WriterOptions {
  wrap_text = 'none',
  html_math_method = 'mathml',
  highlight_method = 'none',
}

local fragments = {}
for _, document in ipairs(pandoc.json.decode(io.read('a'), false)) do
  fragments[#fragments + 1] = pandoc.write(pandoc.read(document, 'json'), 'html5', options)
end
io.write(pandoc.json.encode(fragments))
