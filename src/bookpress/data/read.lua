-- Reads many chapters in one process: JSON list of {format, text} in, JSON list of documents out.
-- The reader's wrapper spans, one a word, are dropped here: they are four fifths of the output.

local function unwrap(span)
  if span.attributes.wrapper then
    return span.content
  end
end

local documents = {}
for _, chapter in ipairs(pandoc.json.decode(io.read('a'), false)) do
  local document = pandoc.read(chapter.text, chapter.format):walk {Span = unwrap}
  documents[#documents + 1] = pandoc.write(document, 'json')
end
io.write('[', table.concat(documents, ','), ']')
