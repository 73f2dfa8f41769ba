/// Where things stand in JSON files: byte_offset in a file that is one document, pointer (RFC 6901) within the file's document or
/// the line's. The line of a record in such a file is its number.
let documentPlaces = """
  alter table source_file add column kind text not null default 'csv';
  alter table finding add column byte_offset integer;
  alter table finding add column pointer text;
  alter table quarantined_row add column byte_offset integer;
  alter table quarantined_row add column pointer text;
  """
