// A fleet, live: a cell for each vehicle, and one drawing of arms and discs for them all.
import * as THREE from 'three';
import { View, css, onThemeChange, ramp } from 'raptor/view';

const arms = JSON.parse(document.getElementById('arms').textContent);
const page = document.documentElement.dataset;
// Room for the largest figure there is.
const CELL_M = [2.4, 1.6];
const columns = Math.ceil(Math.sqrt((arms.length * CELL_M[0]) / CELL_M[1]));
const rows = Math.ceil(arms.length / columns);
const view = new View(document.getElementById('view'));

// In units of the arm. Vehicles are drawn larger than they are, or they would not be seen.
const disc = new THREE.CircleGeometry(0.6, 16);
const parts = [];
for (const [x, y] of [[0.7, -0.7], [-0.7, -0.7], [-0.7, 0.7], [0.7, 0.7]]) {
  parts.push(disc.clone().translate(x, y, 0.1));
}
parts.push(new THREE.BoxGeometry(2, 0.12, 0.12).rotateZ(Math.PI / 4));
parts.push(new THREE.BoxGeometry(2, 0.12, 0.12).rotateZ(-Math.PI / 4));
parts.push(new THREE.BoxGeometry(0.7, 0.2, 0.2).translate(0.35, 0, 0));

const material = new THREE.MeshLambertMaterial({ side: THREE.DoubleSide });
const meshes = parts.map(part => {
  const mesh = new THREE.InstancedMesh(part, material, arms.length);
  mesh.frustumCulled = false;
  view.scene.add(mesh);
  return mesh;
});

const floor = new THREE.LineSegments(new THREE.BufferGeometry(), new THREE.LineBasicMaterial());
const lines = [];
for (let i = 0; i <= rows; i++) {
  lines.push(i - rows / 2, -columns / 2, 0, i - rows / 2, columns / 2, 0);
}
for (let i = 0; i <= columns; i++) {
  lines.push(-rows / 2, i - columns / 2, 0, rows / 2, i - columns / 2, 0);
}
floor.geometry.setAttribute('position', new THREE.Float32BufferAttribute(lines.map((n, i) => n * (CELL_M[i % 3] ?? 0)), 3));
floor.position.z = -0.8;
view.scene.add(floor);

const place = new THREE.Vector3();
const attitude = new THREE.Quaternion();
const size = new THREE.Vector3();
const matrix = new THREE.Matrix4();
const colour = new THREE.Color();

function show(numbers) {
  for (let i = 0; i < arms.length; i++) {
    const [x, y, z, qw, qx, qy, qz, error] = numbers.subarray(8 * i, 8 * i + 8);
    const row = Math.floor(i / columns);
    place.set(
      ((rows - 1) / 2 - row) * CELL_M[0] + x / 1000,
      ((columns - 1) / 2 - (i % columns)) * CELL_M[1] + y / 1000,
      z / 1000,
    );
    attitude.set(qx, qy, qz, qw).normalize();
    matrix.compose(place, attitude, size.setScalar(Math.max(0.3, 2 * arms[i])));
    ramp(error / 250 - 1, colour);
    for (const mesh of meshes) {
      mesh.setMatrixAt(i, matrix);
      mesh.setColorAt(i, colour);
    }
  }
  for (const mesh of meshes) {
    mesh.instanceMatrix.needsUpdate = true;
    mesh.instanceColor.needsUpdate = true;
  }
  view.stale = true;
}

const readout = document.getElementById('readout');
function say(metrics) {
  readout.textContent =
    metrics.vehicles + ' vehicles, ' + metrics.steps + ' steps of 10 ms\n' +
    'a step of all takes ' + metrics.mean_step_ms.toFixed(2) + ' ms, at worst ' + metrics.worst_step_ms.toFixed(2) + ' ms\n' +
    metrics.missed_deadlines + ' missed deadlines, ' + metrics.lost_vehicles + ' lost and started anew\n' +
    'heap ' + metrics.heap_mb.toFixed(0) + ' MB, at the start ' + metrics.heap_at_start_mb.toFixed(0) + ' MB';
}

const events = new EventSource('events');
events.addEventListener('state', event => {
  const bytes = Uint8Array.from(atob(event.data), c => c.charCodeAt(0));
  show(new Int16Array(bytes.buffer));
  page.frames = +(page.frames ?? 0) + 1;
});
events.addEventListener('metrics', event => say(JSON.parse(event.data)));
events.addEventListener('error', () => (readout.textContent = 'The fleet has landed, or is out of reach.'));
document.getElementById('poke').addEventListener('click', () => fetch('poke', { method: 'POST' }));

const theme = () => floor.material.color.set(css('--grid'));
onThemeChange(theme);
theme();
view.lookAt([0, 0, 0], [(rows * CELL_M[0]) / 2, (columns * CELL_M[1]) / 2, 0.8]);
const frame = () => {
  view.draw();
  requestAnimationFrame(frame);
};
frame();
