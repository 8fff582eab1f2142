// The flight report: vehicles in space and charts over time, bound by one clock.
import * as THREE from 'three';
import { View, css, onThemeChange, ramp } from 'raptor/view';

const report = JSON.parse(document.getElementById('flights').textContent);
const page = document.documentElement.dataset;
const $ = id => document.getElementById(id);
const MOTORS = ['front right', 'back right', 'back left', 'front left'];
const DASHES = [[], [6, 4], [2, 3]];
const LOST = -32768;

/** Whole numbers of 16 bits and a scale, back to what they were; rows of `width`. */
function unpack({ scale, width, data }) {
  const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  const whole = new Int16Array(bytes.buffer);
  const values = Float32Array.from(whole, w => (w === LOST ? NaN : w * scale));
  return { width, length: values.length / width, values, at: (i, k) => values[i * width + k] };
}

const flights = [];
for (const vehicle of report.vehicles) {
  vehicle.flights.forEach((flight, pilot) => {
    for (const key of ['position', 'attitude', 'target', 'command', 'memory', 'wind']) {
      flight[key] = flight[key] && unpack(flight[key]);
    }
    flight.samples = flight.position.length;
    flight.colour = '--c' + (report.pilots.length > 1 ? pilot : flights.length % 9);
    flight.vehicle = vehicle;
    flight.pilot = pilot;
    flights.push(flight);
  });
}
const samples = Math.max(...flights.map(flight => flight.samples));
const endS = (samples - 1) * report.dt;
const times = Float64Array.from({ length: samples }, (_, i) => i * report.dt);

function errorM(flight, i) {
  const d = k => flight.position.at(i, k) - flight.target.at(i, k);
  return Math.hypot(d(0), d(1), d(2));
}

// ---- space ----------------------------------------------------------------------------------------

/** Half of the box around the origin that holds every flight, per axis. */
const reach = [0, 1, 2].map(k => {
  let most = 0.3;
  for (const flight of flights) {
    for (const points of [flight.position, flight.target]) {
      for (let i = 0; i < points.length; i++) {
        const value = Math.abs(points.at(i, k));
        most = value > most ? value : most;
      }
    }
  }
  return most + 0.15;
});
const columns = Math.ceil(Math.sqrt(report.vehicles.length));
report.vehicles.forEach((vehicle, i) => {
  const row = Math.floor(i / columns);
  const rows = Math.ceil(report.vehicles.length / columns);
  // Reads from left to right and from far to near.
  vehicle.x = ((rows - 1) / 2 - row) * 2.3 * reach[0];
  vehicle.y = ((columns - 1) / 2 - (i % columns)) * 2.3 * reach[1];
});
const floorZ = -reach[2];
const themed = [];

function material(colour, options = {}) {
  const made = new (options.basic === false ? THREE.MeshLambertMaterial : THREE.MeshBasicMaterial)({
    side: THREE.DoubleSide,
    transparent: options.opacity !== undefined,
    opacity: options.opacity ?? 1,
    depthWrite: options.opacity === undefined,
  });
  themed.push(() => made.color.set(css(colour)));
  return made;
}

/** A band along points that has a width from wherever one looks: three crossed ribbons. */
function band(points, width, colour) {
  const half = width / 2;
  const count = points.length;
  const corners = new Float32Array(18 * count);
  const faces = [];
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      for (let side = 0; side < 2; side++) {
        for (let axis = 0; axis < 3; axis++) {
          corners[18 * i + 6 * k + 3 * side + axis] =
            (points.at(i, axis) || 0) + (axis === k ? (side ? half : -half) : 0);
        }
      }
      const a = 6 * i + 2 * k;
      if (i + 1 < count) {
        faces.push(a, a + 1, a + 6, a + 1, a + 7, a + 6);
      }
    }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.BufferAttribute(corners, 3));
  geometry.setIndex(faces);
  const mesh = new THREE.Mesh(geometry, colour);
  mesh.frustumCulled = false;
  return mesh;
}

/** A word that faces the reader. */
function label(text, height) {
  const canvas = document.createElement('canvas');
  const texture = new THREE.CanvasTexture(canvas);
  texture.colorSpace = THREE.SRGBColorSpace;
  const sprite = new THREE.Sprite(new THREE.SpriteMaterial({ map: texture }));
  themed.push(() => {
    const pen = canvas.getContext('2d');
    const font = '600 44px system-ui, sans-serif';
    pen.font = font;
    canvas.width = pen.measureText(text).width + 8;
    canvas.height = 60;
    pen.font = font;
    pen.fillStyle = css('--ink');
    pen.fillText(text, 4, 45);
    texture.dispose();
    texture.needsUpdate = true;
    sprite.scale.set((height * canvas.width) / canvas.height, height, 1);
  });
  return sprite;
}

function grid() {
  const points = [];
  const step = Math.max(reach[0], reach[1]) > 4 ? 1 : 0.25;
  const n = [reach[0], reach[1]].map(r => Math.ceil(r / step - 1e-6));
  for (let i = -n[0]; i <= n[0]; i++) {
    points.push(i * step, -n[1] * step, floorZ, i * step, n[1] * step, floorZ);
  }
  for (let i = -n[1]; i <= n[1]; i++) {
    points.push(-n[0] * step, i * step, floorZ, n[0] * step, i * step, floorZ);
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute('position', new THREE.Float32BufferAttribute(points, 3));
  const colour = new THREE.LineBasicMaterial();
  themed.push(() => colour.color.set(css('--grid')));
  $('cell').textContent = step;
  return new THREE.LineSegments(geometry, colour);
}

function rod(from, to, radius, colour) {
  const a = new THREE.Vector3(...from);
  const b = new THREE.Vector3(...to);
  const mesh = new THREE.Mesh(new THREE.CylinderGeometry(radius, radius, a.distanceTo(b), 8), colour);
  mesh.position.copy(a).add(b).multiplyScalar(0.5);
  mesh.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), b.sub(a).normalize());
  return mesh;
}

/** The vehicle of a flight: arms, a nose, and a disc for each motor. */
function model(flight) {
  const { rotors } = flight.vehicle;
  const arm = Math.max(...rotors.map(r => Math.hypot(r[0], r[1])));
  const group = new THREE.Group();
  const body = material(flight.colour, { basic: false });
  const disc = new THREE.CircleGeometry(0.6 * arm, 32);
  const hub = new THREE.Mesh(new THREE.SphereGeometry(0.2 * arm, 16, 12), body);
  hub.scale.z = 0.6;
  group.add(hub, rod([0, 0, 0], [0.65 * arm, 0, 0], 0.07 * arm, body));
  group.discs = rotors.map(r => {
    const top = [r[0], r[1], r[2] + 0.12 * arm];
    group.add(rod([0, 0, 0], r, 0.05 * arm, body), rod(r, top, 0.04 * arm, body));
    const mesh = new THREE.Mesh(
      disc,
      new THREE.MeshBasicMaterial({ side: THREE.DoubleSide, transparent: true, opacity: 0.85 }),
    );
    mesh.position.set(...top);
    const rim = new THREE.Mesh(new THREE.RingGeometry(0.57 * arm, 0.61 * arm, 32), body);
    rim.position.set(...top);
    group.add(mesh, rim);
    return mesh;
  });
  return group;
}

function windArrow() {
  const colour = material('--c5');
  const group = new THREE.Group();
  const shaft = new THREE.Mesh(new THREE.CylinderGeometry(0.012, 0.012, 1, 8).translate(0, 0.5, 0), colour);
  const head = new THREE.Mesh(new THREE.ConeGeometry(0.04, 0.12, 16), colour);
  group.add(shaft, head);
  group.blow = wind => {
    const speed = wind.length();
    const length = 0.06 * speed;
    group.visible = speed > 0.01;
    shaft.scale.y = Math.max(1e-3, length);
    head.position.y = length + 0.05;
    if (group.visible) {
      group.quaternion.setFromUnitVectors(new THREE.Vector3(0, 1, 0), wind.divideScalar(speed));
    }
  };
  return group;
}

let view = null;
function buildSpace() {
  view = new View($('view'));
  const width = Math.max(0.006, 0.012 * Math.max(reach[0], reach[1]));
  for (const vehicle of report.vehicles) {
    const cell = new THREE.Group();
    cell.position.set(vehicle.x, vehicle.y, 0);
    vehicle.cell = cell;
    view.scene.add(cell);
    cell.add(grid());
    const name = label(vehicle.name, 0.16);
    name.position.set(-reach[0], 0, floorZ);
    cell.add(name);
    const longest = vehicle.flights.reduce((a, b) => (b.samples > a.samples ? b : a));
    const path = band(longest.target, 0.5 * width, material('--ink', { opacity: 0.35 }));
    vehicle.target = new THREE.Mesh(new THREE.OctahedronGeometry(2 * width), material('--ink', { opacity: 0.6 }));
    vehicle.longest = longest;
    cell.add(path, vehicle.target);
    if (longest.wind) {
      vehicle.arrow = windArrow();
      vehicle.arrow.position.set(-0.9 * reach[0], 0.9 * reach[1], 0.6 * reach[2]);
      cell.add(vehicle.arrow);
    }
    for (const flight of vehicle.flights) {
      flight.model = model(flight);
      flight.trail = band(flight.position, width, material(flight.colour, { opacity: 0.75 }));
      const arm = Math.max(...vehicle.rotors.map(r => Math.hypot(r[0], r[1])));
      flight.shadow = new THREE.Mesh(new THREE.CircleGeometry(arm, 24), material('--muted', { opacity: 0.3 }));
      cell.add(flight.model, flight.trail, flight.shadow);
    }
  }
}

function retheme() {
  themed.forEach(change => change());
  charts.forEach(chart => chart.redraw());
}

const before = new THREE.Vector3();
const after = new THREE.Vector3();
const turned = new THREE.Quaternion();
const point = (rows, i, to) => to.set(rows.at(i, 0), rows.at(i, 1), rows.at(i, 2));
const turn = (rows, i, to) => to.set(rows.at(i, 1), rows.at(i, 2), rows.at(i, 3), rows.at(i, 0));

function pose(flight, at) {
  const i = Math.min(Math.floor(at), flight.samples - 1);
  const j = Math.min(i + 1, flight.samples - 1);
  const share = i === j ? 0 : at - i;
  point(flight.position, i, before).lerp(point(flight.position, j, after), share);
  const whole = Number.isFinite(before.x + before.y + before.z);
  flight.model.visible = flight.shadow.visible = whole;
  if (whole) {
    flight.model.position.copy(before);
    turn(flight.attitude, i, flight.model.quaternion).slerp(turn(flight.attitude, j, turned), share);
    flight.shadow.position.set(before.x, before.y, floorZ + 0.002);
  }
  flight.model.discs.forEach((disc, k) => ramp(flight.command.at(j, k), disc.material.color));
  flight.trail.geometry.setDrawRange(0, 18 * i);
}

function poseAll() {
  const at = state.timeS / report.dt;
  for (const vehicle of report.vehicles) {
    vehicle.flights.forEach(flight => pose(flight, at));
    const i = Math.min(Math.round(at), vehicle.longest.samples - 1);
    point(vehicle.longest.target, i, vehicle.target.position);
    if (vehicle.arrow) {
      vehicle.arrow.blow(point(vehicle.longest.wind, i, after));
    }
  }
  view.stale = true;
}

function lookAtChosen() {
  if (!view) {
    return;
  }
  const chosen = report.vehicles[state.vehicle];
  if (chosen) {
    view.lookAt([chosen.x, chosen.y, 0], reach);
  } else {
    const rows = Math.ceil(report.vehicles.length / columns);
    view.lookAt([0, 0, 0], [1.15 * rows * reach[0], 1.15 * columns * reach[1], reach[2]]);
  }
}

// ---- charts ---------------------------------------------------------------------------------------

let charts = [];

function chart(element, series, range, options = {}) {
  const axis = {
    stroke: () => css('--muted'),
    grid: { stroke: () => css('--grid'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  const plot = new uPlot(
    {
      width: element.clientWidth,
      height: options.height ?? 170,
      scales: { x: { time: false, range: [0, endS] }, y: { range } },
      legend: { show: options.legend ?? true },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        bind: Object.fromEntries(
          ['mousedown', 'mouseup', 'click', 'dblclick', 'mousemove', 'mouseenter', 'mouseleave'].map(
            event => [event, () => null],
          ),
        ),
      },
      axes: [
        { ...axis, size: 26, values: (_, ticks) => ticks.map(t => +t.toFixed(3) + ' s') },
        { ...axis, grid: { ...axis.grid, show: options.legend ?? true }, size: 44, values: options.values ?? ((_, ticks) => ticks.map(t => +t.toFixed(3))) },
      ],
      series: [{ label: 'time', value: (_, t) => (t === null ? '' : t.toFixed(2) + ' s') }, ...series.map(s => s.line)],
      hooks: options.hooks ?? {},
    },
    [times, ...series.map(s => s.values)],
    element,
  );
  const scrub = event => {
    if (event.buttons & 1) {
      const { left } = plot.over.getBoundingClientRect();
      play(false);
      setTime(plot.posToVal(event.clientX - left, 'x'));
    }
  };
  plot.over.addEventListener('pointerdown', scrub);
  plot.over.addEventListener('pointermove', scrub);
  charts.push(plot);
}

function line(flight, label, colour, value) {
  return {
    line: {
      label,
      stroke: () => css(colour),
      width: 1.5,
      dash: DASHES[flight.pilot % DASHES.length],
      points: { show: false },
      value: (_, v) => (v === null || v === undefined ? '–' : v.toFixed(3)),
    },
    values: Array.from({ length: samples }, (_, i) => {
      const v = i < flight.samples ? value(i) : NaN;
      return Number.isFinite(v) ? v : null;
    }),
  };
}

function fromZero(_, __, max) {
  return [0, Math.max(0.1, Math.min(max, 5) * 1.05)];
}

/** Each unit a row, each sample a column. */
function heatMap(flight) {
  const units = flight.memory.width;
  const canvas = document.createElement('canvas');
  canvas.width = flight.samples;
  canvas.height = units;
  const paint = () => {
    const pen = canvas.getContext('2d');
    const image = pen.createImageData(flight.samples, units);
    const colour = new THREE.Color();
    for (let i = 0; i < flight.samples; i++) {
      for (let k = 0; k < units; k++) {
        ramp(flight.memory.at(i, k), colour).convertLinearToSRGB();
        image.data.set([255 * colour.r, 255 * colour.g, 255 * colour.b, 255], 4 * ((units - 1 - k) * flight.samples + i));
      }
    }
    pen.putImageData(image, 0, 0);
  };
  const empty = { line: { show: false }, values: times.map(() => 0) };
  chart($('memory'), [empty], [0, units], {
    height: 210,
    legend: false,
    hooks: {
      drawClear: [
        plot => {
          paint();
          const left = plot.valToPos(0, 'x', true);
          const right = plot.valToPos((flight.samples - 1) * report.dt, 'x', true);
          plot.ctx.imageSmoothingEnabled = false;
          plot.ctx.drawImage(canvas, left, plot.bbox.top, right - left, plot.bbox.height);
        },
      ],
    },
  });
}

function buildCharts() {
  charts.forEach(plot => plot.destroy());
  charts = [];
  const chosen = report.vehicles[state.vehicle];
  const shown = chosen ? chosen.flights : flights;
  const several = report.pilots.length > 1;
  $('one').hidden = !chosen;
  $('many').hidden = !!chosen;
  chart(
    $('error'),
    shown.map(flight => {
      const name = [chosen ? '' : flight.vehicle.name, several ? report.pilots[flight.pilot].name : '']
        .filter(Boolean)
        .join(', ');
      const colour = several && !chosen ? '--c' + (report.vehicles.indexOf(flight.vehicle) % 9) : flight.colour;
      return line(flight, name || 'error', colour, i => errorM(flight, i));
    }),
    fromZero,
    { height: chosen ? 180 : 360 },
  );
  if (!chosen) {
    return;
  }
  chart(
    $('commands'),
    shown.flatMap(flight =>
      MOTORS.map((motor, k) =>
        line(flight, several ? motor + ', ' + report.pilots[flight.pilot].name : motor, '--c' + k, i =>
          flight.command.at(i, k),
        ),
      ),
    ),
    [-1, 1],
    { height: 180 },
  );
  const remembering = shown.find(flight => flight.memory);
  $('remembers').hidden = !remembering;
  if (remembering) {
    heatMap(remembering);
  }
}

// ---- the clock ------------------------------------------------------------------------------------

const state = { timeS: 0, playing: false, vehicle: report.vehicles.length === 1 ? 0 : -1 };

function setTime(timeS) {
  state.timeS = Math.max(0, Math.min(endS, timeS));
  $('time').value = state.timeS;
  $('clock').value = state.timeS.toFixed(2) + ' of ' + endS.toFixed(2) + ' s';
  page.time = state.timeS.toFixed(3);
  if (view) {
    poseAll();
  }
  for (const plot of charts) {
    plot.setCursor({ left: plot.valToPos(state.timeS, 'x'), top: 0 });
  }
  readOut();
}

function readOut() {
  const i = Math.round(state.timeS / report.dt);
  const chosen = report.vehicles[state.vehicle];
  const lines = [];
  for (const flight of chosen ? chosen.flights : []) {
    const over = i > flight.samples - 1;
    lines.push(
      report.pilots[flight.pilot].name + (over ? ': over' : ': ' + errorM(flight, i).toFixed(3) + ' m off'),
    );
  }
  const windy = (chosen ?? report.vehicles[0]).longest?.wind;
  if (windy) {
    lines.push('wind ' + point(windy, Math.min(i, windy.length - 1), after).length().toFixed(1) + ' m/s');
  }
  $('readout').textContent = lines.join('\n');
}

function play(playing) {
  state.playing = playing;
  page.playing = playing;
  $('play').textContent = playing ? '❚❚' : '▶';
  if (playing && state.timeS >= endS) {
    setTime(0);
  }
}

function choose(vehicle) {
  state.vehicle = vehicle;
  page.vehicle = report.vehicles[vehicle]?.name ?? 'all';
  [...$('vehicles').children].forEach((button, i) =>
    button.setAttribute('aria-pressed', i - (report.vehicles.length > 1 ? 1 : 0) === vehicle),
  );
  lookAtChosen();
  buildCharts();
  setTime(state.timeS);
}

let last = 0;
function frame(now) {
  if (state.playing) {
    setTime(state.timeS + Math.min(0.1, (now - last) / 1000) * $('speed').value);
    if (state.timeS >= endS) {
      play(false);
    }
  }
  last = now;
  view?.draw();
  requestAnimationFrame(frame);
}

function addButton(text, vehicle) {
  const button = document.createElement('button');
  button.textContent = text;
  button.addEventListener('click', () => choose(vehicle));
  $('vehicles').append(button);
}

function addKey(colour, text) {
  const key = document.createElement('span');
  key.append(document.createElement('i'), text);
  key.firstChild.style.background = 'var(' + colour + ')';
  $('keys').append(key);
}

try {
  buildSpace();
} catch (problem) {
  view = null;
  $('vehicles').after('This browser shows no 3-D graphics (WebGL): ' + problem.message);
}
if (report.vehicles.length > 1) {
  addButton('all', -1);
}
report.vehicles.forEach((vehicle, i) => addButton(vehicle.name, i));
if (report.pilots.length > 1) {
  report.pilots.forEach((pilot, i) => addKey('--c' + i, pilot.name + (pilot.knows ? ', which knows the vehicle' : '')));
}
$('play').addEventListener('click', () => play(!state.playing));
$('time').max = endS;
$('time').step = report.dt;
$('time').addEventListener('input', event => {
  play(false);
  setTime(+event.target.value);
});
$('size').addEventListener('change', event => {
  flights.forEach(flight => flight.model?.scale.setScalar(+event.target.value));
  view && (view.stale = true);
});
addEventListener('keydown', event => {
  if (event.key === ' ' && event.target === document.body) {
    event.preventDefault();
    play(!state.playing);
  }
});
new ResizeObserver(() => {
  charts.forEach(plot => plot.setSize({ width: plot.root.parentElement.clientWidth, height: plot.height }));
  setTime(state.timeS);
}).observe($('error'));
onThemeChange(retheme);
retheme();
choose(state.vehicle);
setTime(0);
play(!matchMedia('(prefers-reduced-motion: reduce)').matches);
page.ready = true;
requestAnimationFrame(frame);
