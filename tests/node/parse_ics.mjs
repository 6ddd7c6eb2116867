// Reads a calendar on standard input and writes as JSON what ical.js (Thunderbird) makes of it.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));

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

function read(event) {
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

const properties = Object.fromEntries(
  calendar.getAllProperties().map((property) => [property.name, String(property.getFirstValue())]),
);
const events = calendar.getAllSubcomponents("vevent").map(read);
process.stdout.write(JSON.stringify({ properties, events }));
