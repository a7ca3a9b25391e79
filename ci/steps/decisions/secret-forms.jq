# The job's secret values, each ended by a NUL → the forms in which a file can hold them, one per line.
#
# As src/secrets/mask.ts: of a value of several lines each line counts, from 4 characters on, and these words never do. A value of
# fewer than 8 characters needs a letter and a digit: others are in every large file by chance, and no file would be kept.
def plain: ["true", "false", "null", "none", "development", "production", "test", "staging", "preview"];

def values: split("\u0000")[] | split("\n")[] | sub("^\\s+"; "") | sub("\\s+$"; "")
  | select(length >= 4 and ((ascii_downcase) as $word | plain | index($word) | not))
  | select(length >= 8 or (test("[A-Za-z]") and test("[0-9]")));

# In a text that is encoded as a whole, the value begins at one of three places in a group of 3 bytes. The signs at its edges
# depend on its neighbours, so they are left out.
def base64_inside: . as $value
  | (0, 1, 2) as $before
  | ("xx"[:$before] + $value | @base64)[([0, 2, 3][$before]):((($value | utf8bytelength) + $before) * 4 / 3 | floor)];

[values
  | ., @uri, (tojson[1:-1]),
    (select(length >= 8) | base64_inside | ., (gsub("\\+"; "-") | gsub("/"; "_")))]
| unique[]
