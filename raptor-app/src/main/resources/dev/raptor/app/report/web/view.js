// A place to see vehicles in: scene, camera, light and floor, in the colours of the page.
import * as THREE from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

/** The value of a style variable of the page. */
export const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Calls `change` whenever the reader changes between light and dark. */
export const onThemeChange = change =>
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', change);

/** From -1 over 0 to 1 as the colours low, middle and high; writes it to `to`. */
export function ramp(value, to) {
  const v = Math.max(-1, Math.min(1, value || 0));
  return to.copy(ramp.middle).lerp(v < 0 ? ramp.low : ramp.high, Math.abs(v));
}

function readTheme() {
  for (const name of ['low', 'middle', 'high']) {
    ramp[name] = new THREE.Color(css('--' + name));
  }
}
readTheme();

export class View {
  /** Fills `element`. */
  constructor(element) {
    this.element = element;
    this.renderer = new THREE.WebGLRenderer({ antialias: true });
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    element.prepend(this.renderer.domElement);
    this.scene = new THREE.Scene();
    this.scene.background = new THREE.Color();
    this.camera = new THREE.PerspectiveCamera(40, 1, 0.01, 500);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, this.renderer.domElement);
    this.controls.maxPolarAngle = 0.49 * Math.PI;
    this.controls.addEventListener('change', () => (this.stale = true));
    const sun = new THREE.DirectionalLight(0xffffff, 2);
    sun.position.set(-3, -4, 8);
    this.scene.add(sun, new THREE.HemisphereLight(0xffffff, 0x889099, 1.6));
    new ResizeObserver(() => this.resize()).observe(element);
    const change = () => {
      readTheme();
      this.scene.background.set(css('--paper'));
      this.stale = true;
    };
    onThemeChange(change);
    this.resize();
    change();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    this.camera.aspect = width / Math.max(1, height);
    this.camera.updateProjectionMatrix();
    this.renderer.setSize(width, height);
    this.stale = true;
  }

  /** Looks at a box around a point, half as wide as `half`, from behind, the right and above. */
  lookAt(centre, half) {
    const forward = new THREE.Vector3(0.84, 0.22, -0.5).normalize();
    const right = new THREE.Vector3().crossVectors(forward, this.camera.up).normalize();
    const up = new THREE.Vector3().crossVectors(right, forward);
    const slope = Math.tan((this.camera.fov * Math.PI) / 360);
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map(corner =>
      new THREE.Vector3(...half.map((h, k) => centre[k] + (corner & (1 << k) ? h : -h))),
    );
    const at = new THREE.Vector3(...centre);
    let away = 2 * Math.hypot(...half) / slope;
    // Perspective makes the near corners the larger ones: a few steps until all just fit.
    for (let step = 0; step < 8; step++) {
      this.camera.position.copy(at).addScaledVector(forward, -away);
      this.camera.lookAt(at);
      this.camera.updateMatrixWorld();
      const seen = new THREE.Box3().setFromPoints(corners.map(c => c.clone().project(this.camera)));
      at.addScaledVector(right, ((seen.min.x + seen.max.x) / 2) * slope * this.camera.aspect * away);
      at.addScaledVector(up, ((seen.min.y + seen.max.y) / 2) * slope * away);
      away *= 1.04 * Math.max(seen.max.x - seen.min.x, seen.max.y - seen.min.y) / 2;
    }
    this.camera.position.copy(at).addScaledVector(forward, -away);
    this.controls.target.copy(at);
    this.controls.update();
    this.stale = true;
  }

  /** Draws if something has changed. */
  draw() {
    if (this.stale) {
      this.stale = false;
      this.renderer.render(this.scene, this.camera);
    }
  }
}
