// Vector files in the style of JavaScript: names in camelCase, whole numbers beyond 2^53 as text.

/** Parses JSON and keeps every digit: whole numbers that a double would round become text. */
export function parseExact(json) {
  const exact = json.replace(/("(?:[^"\\]|\\.)*")|-?\d{16,}(?![\d.eE])/g, (match, text) =>
    text !== undefined || Number.isSafeInteger(Number(match)) ? match : `"${match}"`,
  );
  return JSON.parse(exact);
}

/** `user_id` becomes `userId`; names of the wire such as `To_Account` stay. */
export function camel(name) {
  return name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

/** Turns the keys of a value to camelCase, except below the keys that are named: there they are data. */
export function camelKeys(value, dataKeys = []) {
  if (Array.isArray(value)) {
    return value.map((item) => camelKeys(item, dataKeys));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      camel(key),
      dataKeys.includes(key) ? field : camelKeys(field, dataKeys),
    ]),
  );
}

/** Turns the numbers of the fields that are named to text: 64-bit ids and cursors are text in JavaScript, however small. */
export function idsAsText(value, bigIds = []) {
  if (Array.isArray(value)) {
    return value.map((item) => idsAsText(item, bigIds));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      bigIds.includes(key) && typeof field === 'number' ? String(field) : idsAsText(field, bigIds),
    ]),
  );
}

/** Whether two plain values are equal, in any order of fields. */
export function equal(a, b) {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return Object.is(a, b);
  }
  const keys = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
  );
}

/** Throws where something is not so. Not node:assert: these checks run in runtimes that have none. */
export function check(condition, message) {
  if (!condition) {
    throw new Error(message);
  }
}

/** {@link check} of two plain values. */
export function checkEqual(got, expected, what) {
  check(equal(got, expected), `${what}: got ${JSON.stringify(got)}, expected ${JSON.stringify(expected)}`);
}
