// What the pages are about; each has its own page.
export const topics = [
  { id: 'leaves', title: 'Leaves', text: 'Young ones are softer, old ones are more.' },
  { id: 'sleep', title: 'Sleep', text: 'Twenty hours a day are enough.' },
  { id: 'trees', title: 'Trees', text: 'Every one has a fork that fits.' },
  { id: 'rain', title: 'Rain', text: 'Fur keeps it out.' },
  { id: 'water', title: 'Water', text: 'Most of it is in the leaves.' },
  { id: 'climbing', title: 'Climbing', text: 'Two thumbs on each hand.' },
  { id: 'joeys', title: 'Joeys', text: 'Half a year in the pouch, half a year on the back.' },
  { id: 'neighbours', title: 'Neighbours', text: 'Heard more often than seen.' },
  { id: 'summer', title: 'Summer', text: 'The trunk is the coolest place.' },
  { id: 'moving', title: 'Moving', text: 'At night, and not far.' },
];
