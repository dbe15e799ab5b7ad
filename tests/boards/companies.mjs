// The invented companies, the boards on which each of them advertises, and the places they name. No such company
// exists; the domains end in .example, which nobody can own.

export const places = {
  bengaluru: { city: 'Bengaluru', region: 'Karnataka', regionCode: 'KA', country: 'India', code: 'IN' },
  hyderabad: { city: 'Hyderabad', region: 'Telangana', regionCode: 'TS', country: 'India', code: 'IN' },
  pune: { city: 'Pune', region: 'Maharashtra', regionCode: 'MH', country: 'India', code: 'IN' },
  chennai: { city: 'Chennai', region: 'Tamil Nadu', regionCode: 'TN', country: 'India', code: 'IN' },
  gurugram: { city: 'Gurugram', region: 'Haryana', regionCode: 'HR', country: 'India', code: 'IN' },
  kochi: { city: 'Kochi', region: 'Kerala', regionCode: 'KL', country: 'India', code: 'IN' },
  india: { city: null, region: null, regionCode: null, country: 'India', code: 'IN' },
  berlin: { city: 'Berlin', region: 'Berlin', regionCode: 'BE', country: 'Germany', code: 'DE' },
  dublin: { city: 'Dublin', region: 'Leinster', regionCode: 'L', country: 'Ireland', code: 'IE' },
};

export const companies = [
  { key: 'tarangini', name: 'Tarangini Robotics', domain: 'taranginirobotics.example' },
  { key: 'mitrakosh', name: 'Mitrakosh Payments', domain: 'mitrakosh.example' },
  { key: 'quillfern', name: 'Quillfern Systems', domain: 'quillfern.example' },
  { key: 'oorjadhara', name: 'Oorjadhara Grid', domain: 'oorjadhara.example' },
  { key: 'nakshadeep', name: 'Nakshadeep Maps', domain: 'nakshadeep.example' },
  { key: 'globexia', name: 'Globexia Career Junction', domain: 'globexia-careers.example' },
];

// Two boards of one company show the same openings: that is what an app has to cluster.
const advertised = {
  greenhouse: { taranginirobotics: 'tarangini' },
  lever: { mitrakosh: 'mitrakosh' },
  'lever-eu': { quillfern: 'quillfern' },
  ashby: { quillfern: 'quillfern' },
  smartrecruiters: { OorjadharaGrid: 'oorjadhara' },
  workable: { nakshadeep: 'nakshadeep', globexia: 'globexia' },
  recruitee: { nakshadeep: 'nakshadeep' },
  workday: { oorjadhara: 'oorjadhara' },
  keka: { mitrakosh: 'mitrakosh' },
  personio: { quillfern: 'quillfern' },
  oracle: { 'ehtz.fa.ap1': 'tarangini' },
  eightfold: { nakshadeep: 'nakshadeep', mitrakosh: 'mitrakosh' },
  page: Object.fromEntries(companies.map(({ key, domain }) => [domain, key])),
  feed: Object.fromEntries(companies.map(({ key, domain }) => [domain, key])),
  // Boards of many companies.
  hackernews: { whoishiring: null },
  list: { 'vidyarthi-club/internships': null },
};

/// Each board: its connector, its name in the address, and the company, or null where many advertise.
export const boards = Object.entries(advertised).flatMap(([connector, slugs]) =>
  Object.entries(slugs).map(([slug, company]) => ({ connector, slug, company })));

/// The place in words, from the narrow to the wide: "Pune, Maharashtra, India".
export const placeName = ({ city, region, country }) => [city, region, country].filter(Boolean).join(', ');
