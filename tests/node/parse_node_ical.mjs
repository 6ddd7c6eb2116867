// Reads a JSON list of calendars on standard input and writes, as JSON, what node-ical makes of
// each: `{ method, events }`, or `{ error }` where it refuses one.
import ical from "node-ical";
import { readFileSync } from "node:fs";

function text(value) {
  return value !== null && typeof value === "object" && "val" in value ? value.val : value;
}

function readEvent(event) {
  return {
    uid: event.uid,
    sequence: Number(event.sequence),
    start: event.start.toISOString(),
    end: event.end.toISOString(),
    summary: text(event.summary),
    description: text(event.description),
    location: text(event.location),
    status: event.status,
  };
}

function read(calendar) {
  const found = Object.values(ical.sync.parseICS(calendar));
  return {
    method: found.find((part) => part.type === "VCALENDAR").method,
    events: found.filter((part) => part.type === "VEVENT").map(readEvent),
  };
}

function tried(calendar) {
  try {
    return read(calendar);
  } catch (error) {
    return { error: String(error) };
  }
}

const calendars = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calendars.map(tried)));
