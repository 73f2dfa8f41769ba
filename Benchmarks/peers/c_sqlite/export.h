/* An export is read once in its own order: rows split, digested, their keys checked, where their cells end remembered. Then
   its rows are taken in any order without splitting them again. */

typedef struct {
  const char *start;
  uint64_t digest;
  uint32_t line, id;               /* id: 0 where the row was refused later. */
  uint32_t customer, subscription; /* What it names: natural ids, 0 for none. */
} Row;

typedef struct {
  const char *name, *entity;
  int file, columns;
  const char *bytes, *end;
  Row *rows;
  uint16_t *ends; /* Of every row's cells, from its start on. */
  size_t count, room;
  size_t records, size;
} Export;

/* --- Refused rows --- */

typedef struct {
  const Export *export;
  const char *start, *reason;
  int length;
  uint32_t line;
} Refusal;

static Refusal *refusals;
static size_t refused;

static void refuse(const Export *export, const char *start, const char *end, uint32_t line, const char *reason) {
  if ((refused & (refused - 1)) == 0) refusals = realloc(refusals, (refused ? refused * 2 : 1) * sizeof *refusals);
  if (!refusals) fail("memory", "exhausted");
  refusals[refused++] = (Refusal){export, start, reason, (int)(end - start), line};
}

/* --- Cells --- */

static uint64_t mix(uint64_t a, uint64_t b) {
  unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t word(const char *at) {
  uint64_t value;
  memcpy(&value, at, 8);
  return value;
}

/* A cell's part in its row's digest: its words and its length by folded 128-bit products, as wyhash has it. */
static uint64_t digest_cell(uint64_t digest, const char *at, int length) {
  static const uint64_t odd = 0x9e3779b97f4a7c15u, other = 0xe7037ed1a0b428dbu;
  int left = length;
  for (; left > 16; left -= 16, at += 16) digest = mix(word(at) ^ odd, word(at + 8) ^ digest);
  uint64_t a = 0, b = 0;
  if (left >= 8) {
    a = word(at), b = word(at + left - 8);
  } else {
    for (int i = 0; i < left; i++) a = a << 8 | (unsigned char)at[i];
  }
  return mix(a ^ odd ^ (uint64_t)length, b ^ digest ^ other);
}

static int is_utf8(const char *at, int length) {
  const unsigned char *byte = (const unsigned char *)at, *end = byte + length;
  for (; end - byte >= 8 && !(word((const char *)byte) & 0x8080808080808080u);) byte += 8;
  while (byte < end) {
    unsigned first = *byte++;
    if (first < 0x80) continue;
    int more = first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : -1;
    if (more < 0 || end - byte < more) return 0;
    unsigned second = *byte;
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) ||
        (first == 0xf4 && second > 0x8f))
      return 0;
    for (; more; more--)
      if ((*byte++ & 0xc0) != 0x80) return 0;
  }
  return 1;
}

/* A whole number as the exports write them, without leading zeros, so that it is its own text; -1 for anything else. */
static int64_t natural(Field field) {
  int64_t value = 0;
  if (field.length < 1 || field.length > 18 || (field.start[0] == '0' && field.length > 1)) return -1;
  for (int i = 0; i < field.length; i++) {
    unsigned digit = (unsigned char)field.start[i] - '0';
    if (digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/* Whether a decimal text is one of at most six decimals, and its micro-units. */
static int is_money(Field field, int64_t *value) {
  int at = field.length && field.start[0] == '-', decimals = -1, digits = 0;
  int64_t sum = 0;
  for (int i = at; i < field.length; i++) {
    unsigned digit = (unsigned char)field.start[i] - '0';
    if (digit <= 9) sum = sum * 10 + digit, digits++, decimals += decimals >= 0;
    else if (field.start[i] == '.' && decimals < 0) decimals = 0;
    else return 0;
  }
  if (!digits || digits > 12 || decimals > 6) return 0;
  static const int64_t scale[] = {1000000, 100000, 10000, 1000, 100, 10, 1};
  sum *= scale[decimals < 0 ? 0 : decimals];
  *value = at ? -sum : sum;
  return 1;
}

static int two_digits(const char *at) {
  unsigned a = (unsigned char)at[0] - '0', b = (unsigned char)at[1] - '0';
  return a > 9 || b > 9 ? -1 : (int)(a * 10 + b);
}

enum { NO_DAY = INT32_MIN };

/* Days since 1970 of an ISO date; NO_DAY where it is none. */
static int32_t day_of(Field field) {
  const char *at = field.start;
  if (field.length != 10 || at[4] != '-' || at[7] != '-') return NO_DAY;
  int century = two_digits(at), rest = two_digits(at + 2), month = two_digits(at + 5), day = two_digits(at + 8);
  if (century < 0 || rest < 0 || month < 1 || month > 12 || day < 1) return NO_DAY;
  static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
  int year = century * 100 + rest, leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > before[month] - before[month - 1] + (leap && month == 2)) return NO_DAY;
  int past = year - 1;
  return past * 365 + past / 4 - past / 100 + past / 400 + before[month - 1] + (leap && month > 2) + day - 1 - 719162;
}

/* Of an instant such as 2020-01-13T19:40:41Z. */
static int is_instant(Field field) {
  const char *at = field.start;
  if (field.length != 20 || at[10] != 'T' || at[13] != ':' || at[16] != ':' || at[19] != 'Z') return 0;
  int hour = two_digits(at + 11), minute = two_digits(at + 14), second = two_digits(at + 17);
  return day_of((Field){at, 10}) != NO_DAY && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
}

static int is_currency(Field field) { return is(field, "USD") || is(field, "EUR") || is(field, "GBP"); }

/* --- Rows --- */

/* The text of a quoted cell from after its first quote up to its last; doubled quotes are made single in `room`. */
static Field unquoted(const char *start, const char *end, char *room) {
  if (!memchr(start, '"', (size_t)(end - start))) return (Field){start, (int)(end - start)};
  char *out = room;
  for (const char *at = start; at < end; at++) {
    *out++ = *at;
    if (*at == '"') at++;
  }
  return (Field){room, (int)(out - room)};
}

static char rooms[MAX_COLUMNS][1 << 16];

static Field cell_of(const char *start, const char *end, int column) {
  if (start < end && *start == '"') return unquoted(start + 1, end - 1, rooms[column]);
  return (Field){start, (int)(end - start)};
}

/* The cells of a row that was split before. */
static void recall(const Export *export, size_t row, Field *fields) {
  const uint16_t *ends = export->ends + row * (size_t)export->columns;
  const char *base = export->rows[row].start, *start = base;
  for (int column = 0; column < export->columns; column++) {
    fields[column] = cell_of(start, base + ends[column], column);
    start = base + ends[column] + 1;
  }
}

/* Splits the row at `at` into `fields` and counts its line breaks. Where it ends; `reason` says why it is none. */
static const char *split(const Export *export, const char *at, Field *fields, uint16_t *ends, uint32_t *breaks, const char **reason) {
  const char *base = at, *end = export->end;
  int column = 0;
  *reason = NULL;
  for (;; column++, at++) {
    const char *start = at;
    if (at < end && *at == '"') {
      for (at++;; at++) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        for (const char *c = at; c < (quote ? quote : end); c++) *breaks += *c == '\n';
        at = quote ? quote + 1 : end;
        if (!quote) *reason = "a quoted cell has no end";
        if (at >= end || *at != '"') break;
      }
      if (at < end && *at != ',' && *at != '\n') *reason = "text after a quoted cell";
    }
    while (at < end && *at != ',' && *at != '\n') at++;
    if (column < export->columns) {
      if (at - base > UINT16_MAX) *reason = "longer than 64 KiB";
      else if (!*reason) fields[column] = cell_of(start, at, column), ends[column] = (uint16_t)(at - base);
    }
    if (at >= end || *at == '\n') break;
  }
  if (!*reason && column + 1 != export->columns) *reason = "not as many cells as the header has";
  ++*breaks;
  return at;
}

static void make_room(Export *export) {
  if (export->count < export->room) return;
  /* The rows so far tell how many there will be. */
  size_t done = export->count ? (size_t)(export->rows[export->count - 1].start - export->bytes) : 0;
  export->room = export->count < 4096 ? 4096 : (size_t)((double)export->size / (double)done * (double)export->count * 1.05) + 4096;
  export->rows = realloc(export->rows, export->room * sizeof *export->rows);
  export->ends = realloc(export->ends, export->room * (size_t)export->columns * sizeof *export->ends);
  if (!export->rows || !export->ends) fail("memory", "exhausted");
}

/* All rows of an export; `take` checks a row's keys and gives why it is refused, NULL if it is not. */
static void survey(Export *export, const char *folder, const char *name, const char *entity, int file, int columns,
                   const char *(*take)(const Field *fields, Row *row)) {
  *export = (Export){.name = name, .entity = entity, .file = file, .columns = columns};
  export->bytes = map_export(folder, name, &export->size);
  export->end = export->bytes + export->size;
  uint32_t line = 1;
  for (const char *at = export->bytes; at < export->end;) {
    make_room(export);
    Field fields[MAX_COLUMNS];
    const char *reason;
    uint32_t breaks = 0;
    Row *row = &export->rows[export->count];
    const char *end = split(export, at, fields, export->ends + export->count * (size_t)columns, &breaks, &reason);
    if (line > 1) {
      *row = (Row){.start = at, .line = line};
      if (!reason) {
        for (int column = 0; column < columns; column++)
          row->digest = digest_cell(row->digest, fields[column].start, fields[column].length);
        reason = is_utf8(at, (int)(end - at)) ? take(fields, row) : "not UTF-8";
      }
      if (reason) refuse(export, at, end, line, reason);
      else export->count++;
      export->records++;
    } else if (reason) {
      fail(name, reason);
    }
    line += breaks;
    at = end + 1;
  }
}

/* --- Natural ids --- */

/* By natural id: 1 when it was seen, then its number in `identity`. Whole numbers that are dense, as a database gives them
   out, need no hashing. */
typedef struct {
  uint32_t *numbers;
  size_t room, last;
} Ids;

enum { MOST_IDS = 1 << 28 };

static uint32_t number_of(const Ids *ids, int64_t id) { return id > 0 && (size_t)id < ids->room ? ids->numbers[id] : 0; }

/* Whether it was not seen before. */
static int see(Ids *ids, uint32_t id) {
  if (id >= ids->room) {
    size_t room = ids->room ? ids->room * 2 : 1 << 16;
    while (room <= id) room *= 2;
    ids->numbers = realloc(ids->numbers, room * sizeof *ids->numbers);
    if (!ids->numbers) fail("memory", "exhausted");
    memset(ids->numbers + ids->room, 0, (room - ids->room) * sizeof *ids->numbers);
    ids->room = room;
  }
  if (id > ids->last) ids->last = id;
  int is_new = !ids->numbers[id];
  ids->numbers[id] = 1;
  return is_new;
}

/* The next seen one in the order of the ids' texts, 1, 10, 100, 101, ..., 11, ...; 0 at the end. The index of natural ids is
   appended to in this order. */
static size_t next_by_text(const Ids *ids, size_t id) {
  do {
    if (id == 0) {
      id = 1;
    } else if (id * 10 <= ids->last) {
      id *= 10;
    } else {
      while (id % 10 == 9 || id + 1 > ids->last) id /= 10;
      if (!id) return 0;
      id++;
    }
    if (id > ids->last) return 0;
  } while (!ids->numbers[id]);
  return id;
}
