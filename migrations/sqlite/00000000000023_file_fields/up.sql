-- Where a record holds a file, the field in which it stands or stood: a field that only some may see hides its file too.
ALTER TABLE file_link ADD COLUMN field TEXT;
