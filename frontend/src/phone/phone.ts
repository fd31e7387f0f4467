// SPDX-License-Identifier: Apache-2.0
import * as JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { masked } from "./masked";

/** What the library's agent can do beyond its published types. */
interface Asking {
  sendOptions(target: string, body: undefined, options: { eventHandlers: Record<string, unknown> }): void;
  configuration: { uri: JsSIP.URI };
}

export interface PhoneConfig {
  ws: string;
  uri: string;
  password: string;
  user?: string;
  display_name?: string;
  ice_servers?: RTCIceServer[];
  register_expires?: number;
  auto_answer?: boolean;
}

export type CallState = "none" | "ringing" | "dialling" | "talking" | "held";
export interface PhoneView {
  reachable: boolean;
  call: CallState;
  who: string;
  since: string;
  held: boolean;
  muted: boolean;
  second: { who: string; talking: boolean } | null;
}

const KEYS = /^[0-9*#A-D]$/;
const NUMBER = /^[+0-9A-Za-z*#._-]{1,40}$/;

/** Who is on the other side, as the switch named him; a customer's number is masked as on every page. */
const whoOf = (session: RTCSession): string =>
  masked(session.remote_identity?.display_name || session.remote_identity?.uri?.user || "");

/**
 * One person's telephone: one call in hand and, for asking or a three-way talk, one more. It says only what it knows:
 * "reachable" means that the switch accepted our registration and has answered since.
 */
export class Phone {
  private agent!: JsSIP.UA;
  private first: RTCSession | null = null;
  private other: RTCSession | null = null;
  private joined = false;
  private beating = false;
  private lastBeat = 0;
  view: PhoneView = {
    reachable: false,
    call: "none",
    who: "",
    since: "",
    held: false,
    muted: false,
    second: null,
  };

  constructor(
    private readonly config: PhoneConfig,
    private readonly speaker: HTMLAudioElement,
    private readonly mix: (tracks: MediaStreamTrack[]) => MediaStreamTrack,
    private readonly tell: (view: PhoneView, what: string) => void,
  ) {}

  start(): void {
    const agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(this.config.ws)],
      uri: this.config.uri,
      password: this.config.password,
      authorization_user: this.config.user,
      display_name: this.config.display_name,
      register_expires: this.config.register_expires ?? 120,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 15,
      session_timers: false,
    });
    agent.on("registered", () => this.reach(true));
    agent.on("unregistered", () => this.reach(false));
    agent.on("registrationFailed", () => this.reach(false));
    agent.on("disconnected", () => this.reach(false));
    agent.on("newRTCSession", ({ originator, session }: { originator: string; session: RTCSession }) =>
      originator === "remote" ? this.incoming(session) : undefined,
    );
    this.agent = agent;
    agent.start();
  }

  stop(): void {
    this.agent.stop();
    this.reach(false);
  }

  /** After sleep or a network change the socket may be dead without knowing: start over, unless a call is up. */
  revive(): void {
    if (this.first) {
      this.beat(true);
      return;
    }
    this.reach(false);
    this.agent.stop();
    this.agent = null as unknown as JsSIP.UA;
    this.start();
  }

  /** Ask the switch whether it still hears us (about every 25 s); silence makes us unreachable and registers anew. */
  beat(now = false): void {
    if (this.beating || (!now && Date.now() - this.lastBeat < 25_000)) return;
    if (!this.agent.isConnected()) {
      this.reach(false);
      return;
    }
    this.lastBeat = Date.now();
    this.beating = true;
    const over = (heard: boolean): void => {
      this.beating = false;
      if (!heard) this.reach(false);
      if (!this.view.reachable) this.agent.register();
    };
    const agent = this.agent as JsSIP.UA & Asking;
    agent.sendOptions(`sip:${agent.configuration.uri.host}`, undefined, {
      eventHandlers: {
        succeeded: () => over(true),
        failed: (e: { response?: unknown }) => over(!!e.response),
      },
    });
  }

  dial(number: string): void {
    if (!this.fit(number) || this.first) return;
    this.first = this.call(number);
    this.change("dialling");
  }

  answer(): void {
    if (this.first?.isEstablished() || !this.first) return;
    this.first.answer(this.media());
  }

  /** Ends the call at hand; both calls where three talk, for they hear one another through this page alone. */
  hangUp(): void {
    for (const session of this.joined ? [this.other, this.first] : [this.first]) {
      if (!session) continue;
      try {
        session.terminate(
          session.direction === "incoming" && !session.isEstablished() ? { status_code: 486 } : {},
        );
      } catch {
        this.gone(session);
      }
    }
  }

  dropSecond(): void {
    this.other?.terminate();
  }

  toggleHold(): void {
    if (!this.first?.isEstablished()) return;
    if (this.first.isOnHold().local) this.first.unhold();
    else this.first.hold();
  }

  toggleMute(): void {
    const on = !this.view.muted;
    for (const session of [this.first, this.other]) on ? session?.mute() : session?.unmute();
    this.view.muted = on;
    this.change("mute");
  }

  key(tone: string): void {
    const session = this.other?.isEstablished() ? this.other : this.first;
    if (KEYS.test(tone) && session?.isEstablished())
      session.sendDTMF(tone, { transportType: "RFC2833" as never });
  }

  transferBlind(number: string): void {
    if (!this.first?.isEstablished() || !this.fit(number)) return;
    this.first.refer(number, this.referred());
  }

  /** First half of an attended transfer: park the caller, ring the colleague. */
  consult(number: string): void {
    if (!this.first?.isEstablished() || this.other || !this.fit(number)) return;
    this.first.hold();
    this.other = this.call(number);
    this.change("consult");
  }

  transferAttended(): void {
    if (!this.first || !this.other?.isEstablished()) return;
    this.first.refer(this.other.remote_identity.uri.toString(), {
      ...this.referred(),
      replaces: this.other,
    });
  }

  swap(): void {
    if (!this.first || !this.other?.isEstablished()) return;
    this.first.isOnHold().local ? this.other.hold() : this.first.hold();
    [this.first, this.other] = [this.other, this.first];
    this.first.unhold();
    this.listen();
    this.change("swap");
  }

  /** Three-way: each side hears the microphone and the other side, mixed here. */
  conference(): void {
    if (!this.first?.isEstablished() || !this.other?.isEstablished() || this.joined) return;
    this.joined = true;
    this.first.unhold({}, () => this.bridge());
    if (!this.first.isOnHold().local) this.bridge();
  }

  private bridge(): void {
    const [one, two] = [this.first?.connection, this.other?.connection];
    const mic = one?.getSenders().find((sender) => sender.track?.kind === "audio")?.track;
    const heardOf = (connection?: RTCPeerConnection): MediaStreamTrack | undefined =>
      connection?.getReceivers().find((receiver) => receiver.track.kind === "audio")?.track;
    const [fromOne, fromTwo] = [heardOf(one), heardOf(two)];
    if (!one || !two || !mic || !fromOne || !fromTwo) return;
    const send = (connection: RTCPeerConnection, track: MediaStreamTrack): void =>
      void connection
        .getSenders()
        .find((sender) => sender.track?.kind === "audio")
        ?.replaceTrack(track);
    send(one, this.mix([mic, fromTwo]));
    send(two, this.mix([mic, fromOne]));
    this.speaker.srcObject = new MediaStream([this.mix([fromOne, fromTwo])]);
    this.change("conference");
  }

  private fit(number: string): boolean {
    if (NUMBER.test(number)) return true;
    this.tell(this.view, "trouble-number");
    return false;
  }

  private referred(): Record<string, unknown> {
    return {
      eventHandlers: {
        accepted: () => {
          this.tell(this.view, "transferred");
          this.first?.terminate();
        },
        failed: () => this.tell(this.view, "trouble-transfer"),
        requestFailed: () => this.tell(this.view, "trouble-transfer"),
      },
    };
  }

  private media(): Record<string, unknown> {
    return {
      mediaConstraints: { audio: { echoCancellation: true, noiseSuppression: true }, video: false },
      pcConfig: { iceServers: this.config.ice_servers ?? [] },
    };
  }

  private call(number: string): RTCSession {
    const session = this.agent.call(number, this.media());
    this.follow(session);
    return session;
  }

  private incoming(session: RTCSession): void {
    if (this.first) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.first = session;
    this.follow(session);
    this.change("ringing");
    if (this.config.auto_answer) this.answer();
  }

  private follow(session: RTCSession): void {
    const changed = (what: string) => () => this.change(what);
    session.on("accepted", () => this.listen());
    session.on("confirmed", () => {
      this.view.since = new Date().toISOString();
      this.listen();
      this.change("talking");
    });
    session.on("progress", changed("progress"));
    session.on("hold", changed("hold"));
    session.on("unhold", changed("unhold"));
    session.on("ended", () => this.gone(session));
    session.on("failed", ({ cause }: { cause: string }) => {
      if (cause === "User Denied Media Access") this.tell(this.view, "trouble-microphone");
      this.gone(session);
    });
  }

  private listen(): void {
    const connection = this.first?.connection;
    if (!connection || this.joined) return;
    const current =
      this.other?.isEstablished() && this.first?.isOnHold().local ? this.other.connection : connection;
    const tracks = current.getReceivers().map((receiver) => receiver.track);
    this.speaker.srcObject = new MediaStream(tracks);
    void this.speaker.play().catch(() => undefined);
  }

  private gone(session: RTCSession): void {
    this.joined = false;
    if (session === this.other) this.other = null;
    else if (session === this.first) {
      this.first = this.other;
      this.other = null;
    }
    if (this.first?.isEstablished() && this.first.isOnHold().local) this.first.unhold();
    if (!this.first) {
      this.view.muted = false;
      this.view.since = "";
      this.speaker.srcObject = null;
    } else this.listen();
    this.change("ended");
  }

  private reach(reachable: boolean): void {
    const changed = this.view.reachable !== reachable;
    this.view.reachable = reachable;
    if (changed) this.tell(this.view, reachable ? "reachable" : "unreachable");
    else this.tell(this.view, "same");
  }

  private change(what: string): void {
    const session = this.first;
    this.view.held = session?.isEstablished() ? session.isOnHold().local : false;
    this.view.call = !session
      ? "none"
      : !session.isEstablished()
        ? session.direction === "incoming"
          ? "ringing"
          : "dialling"
        : this.view.held && !this.other
          ? "held"
          : "talking";
    this.view.who = session ? whoOf(session) : "";
    if (session && !this.view.since) this.view.since = new Date().toISOString();
    this.view.second = this.other ? { who: whoOf(this.other), talking: this.other.isEstablished() } : null;
    this.tell(this.view, what);
  }
}
