// Reads a JSON list of calendars on standard input and writes, as JSON, what ical.js (Thunderbird)
// makes of each: `{ properties, events }`, or `{ error }` where it refuses one.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

function instant(time) {
  if (time.zone === ICAL.Timezone.localTimezone) {
    throw new Error(`${time} floats: no VTIMEZONE for it in the calendar`);
  }
  return time.convertToZone(ICAL.Timezone.utcTimezone).toString();
}

function person(property) {
  return property && { address: property.getFirstValue(), ...property.jCal[1] };
}

function many(event, name) {
  return event.getAllProperties(name).flatMap((property) => property.getValues());
}

function readEvent(event) {
  const value = (name) => event.getFirstPropertyValue(name);
  return {
    uid: value("uid"),
    sequence: value("sequence"),
    stamp: instant(value("dtstamp")),
    modified: instant(value("last-modified")),
    start: instant(value("dtstart")),
    end: instant(value("dtend")),
    summary: value("summary"),
    description: value("description"),
    location: value("location"),
    geo: value("geo"),
    url: value("url"),
    categories: many(event, "categories"),
    status: value("status"),
    transp: value("transp"),
    busy: value("x-microsoft-cdo-busystatus"),
    organizer: person(event.getFirstProperty("organizer")),
    attendees: event.getAllProperties("attendee").map(person),
    alarms: event.getAllSubcomponents("valarm").map((alarm) => ({
      action: alarm.getFirstPropertyValue("action"),
      trigger: alarm.getFirstPropertyValue("trigger").toString(),
    })),
  };
}

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const properties = calendar.getAllProperties();
  return {
    properties: Object.fromEntries(properties.map((p) => [p.name, String(p.getFirstValue())])),
    events: calendar.getAllSubcomponents("vevent").map(readEvent),
  };
}

function tried(text) {
  try {
    return read(text);
  } catch (error) {
    return { error: String(error) };
  }
}

const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map(tried)));
