/* What the programs of this folder share below their tables: failing, mapped exports read row by row, numbers and months,
   statements. Each defines PROGRAM, its name in messages, before it includes this. */

#define _GNU_SOURCE /* O_DIRECT */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MONTHS = 60, RUNNING = MONTHS, MAX_COLUMNS = 16 };

static void fail(const char *what, const char *why) {
  fprintf(stderr, PROGRAM ": %s: %s\n", what, why);
  exit(1);
}

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count ? count : 1, size);
  if (!memory) fail("memory", "exhausted");
  return memory;
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

typedef struct {
  const char *start;
  int length;
} Field;

typedef struct {
  const char *next, *end;
  char *unquoted; /* Room for one field whose doubled quotes were taken out. */
  Field fields[MAX_COLUMNS];
  int columns;
} Reader;

static int next_row(Reader *reader);

static const char *map_export(const char *folder, const char *name, size_t *size) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.csv", folder, name);
  int file = open(path, O_RDONLY);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0) fail(path, "cannot be opened");
  const char *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  if (bytes == MAP_FAILED) fail(path, "cannot be mapped");
  close(file);
  *size = (size_t)status.st_size;
  return bytes;
}

static Reader open_export(const char *folder, const char *name, int columns) {
  size_t size;
  const char *bytes = map_export(folder, name, &size);
  Reader reader = {.next = bytes, .end = bytes + size, .unquoted = allocate(1 << 16, 1), .columns = columns};
  if (!next_row(&reader)) fail(name, "has no header");
  return reader;
}

/* A quoted field; doubled quotes are made single in the reader's own room. */
static const char *quoted_field(Reader *reader, const char *at, Field *field) {
  const char *start = ++at;
  char *out = NULL;
  for (;;) {
    const char *quote = memchr(at, '"', (size_t)(reader->end - at));
    if (!quote) fail("quoted field", "without an end");
    int doubled = quote + 1 < reader->end && quote[1] == '"';
    if (!out && !doubled) {
      *field = (Field){start, (int)(quote - start)};
      return quote + 1;
    }
    if (!out) out = reader->unquoted, at = start;
    size_t length = (size_t)(quote - at) + (size_t)doubled;
    if (out + length > reader->unquoted + (1 << 16)) fail("quoted field", "longer than 64 KiB");
    memcpy(out, at, length);
    out += length;
    at = quote + 1 + doubled;
    if (!doubled) {
      *field = (Field){reader->unquoted, (int)(out - reader->unquoted)};
      return at;
    }
  }
}

static int next_row(Reader *reader) {
  const char *at = reader->next, *end = reader->end;
  if (at >= end) return 0;
  for (int column = 0; column < reader->columns; column++) {
    Field *field = &reader->fields[column];
    if (at < end && *at == '"') {
      at = quoted_field(reader, at, field);
    } else {
      const char *start = at;
      while (at < end && *at != ',' && *at != '\n') at++;
      *field = (Field){start, (int)(at - start)};
    }
    if (column + 1 < reader->columns && (at >= end || *at != ',')) fail("row", "has too few fields");
    at++;
  }
  if (at[-1] != '\n' && at <= end) fail("row", "has too many fields");
  reader->next = at;
  return 1;
}

static int64_t whole(Field field) {
  int64_t value = 0;
  if (!field.length) fail("number", "is missing");
  for (int i = 0; i < field.length; i++) {
    unsigned digit = (unsigned char)field.start[i] - '0';
    if (digit > 9) fail("number", "is not a whole one");
    value = value * 10 + digit;
  }
  return value;
}

/* Decimal text in micro-units. */
static int64_t money(Field field) {
  int64_t value = 0;
  int at = 0, decimals = -1, negative = field.length > 0 && field.start[0] == '-';
  for (at = negative; at < field.length; at++) {
    unsigned digit = (unsigned char)field.start[at] - '0';
    if (field.start[at] == '.' && decimals < 0) {
      decimals = 0;
    } else if (digit <= 9) {
      value = value * 10 + digit;
      if (decimals >= 0) decimals++;
    } else {
      fail("amount", "is not a number");
    }
  }
  for (decimals = decimals < 0 ? 0 : decimals; decimals < 6; decimals++) value *= 10;
  return negative ? -value : value;
}

static int is(Field field, const char *text) {
  return field.length == (int)strlen(text) && memcmp(field.start, text, (size_t)field.length) == 0;
}

/* Months since 2020-01 of an ISO date. */
static int month_of(Field field) {
  if (field.length != 10 || field.start[4] != '-' || field.start[7] != '-') fail("date", "is not ISO");
  return (int)whole((Field){field.start, 4}) * 12 + (int)whole((Field){field.start + 5, 2}) - 1 - 2020 * 12;
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static sqlite3 *database;

static void execute(const char *sql) {
  if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) fail(sql, sqlite3_errmsg(database));
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
    fail(sql, sqlite3_errmsg(database));
  return statement;
}

static void insert(sqlite3_stmt *statement) {
  if (sqlite3_step(statement) != SQLITE_DONE) fail("insert", sqlite3_errmsg(database));
  sqlite3_reset(statement);
}

static void bind_text(sqlite3_stmt *statement, int column, Field field) {
  if (field.length) sqlite3_bind_text(statement, column, field.start, field.length, SQLITE_STATIC);
  else sqlite3_bind_null(statement, column);
}
