/**
 * Channels that stand out: a few columns of what enters a layer whose magnitudes are many times those of the others, which one range for
 * all has to hold. They are what AWQ and SmoothQuant act on.
 */

/** A channel and the greatest magnitude that was seen in it. */
export interface ChannelMax {
  channel: number;
  max: number;
}

/** Greatest magnitude of the median channel; of an even number, the upper of the two in the middle. */
export function medianChannel(channelMax: Float32Array): number {
  return channelMax.slice().sort()[channelMax.length >> 1] ?? 0;
}

/** Greatest magnitude of any channel by that of the median channel; 1 where all are 0, infinite where only the median is. */
export function outlierRatio(channelMax: Float32Array): number {
  const greatest = channelMax.reduce((most, max) => Math.max(most, max), 0);
  return greatest === 0 ? 1 : greatest / medianChannel(channelMax);
}

/** The channels that stand out most, the greatest first. */
export function worstChannels(channelMax: Float32Array, count: number): ChannelMax[] {
  return Array.from(channelMax, (max, channel) => ({ channel, max }))
    .sort((a, b) => b.max - a.max || a.channel - b.channel)
    .slice(0, count);
}

/** The greatest value of each of at most `blocks` runs of neighbouring channels, as equal as they can be. */
export function channelBlocks(channels: ArrayLike<number>, blocks: number): number[] {
  const count = Math.min(blocks, channels.length);
  return Array.from({ length: count }, (_, block) => {
    let most = 0;
    const end = Math.floor(((block + 1) * channels.length) / count);
    for (let i = Math.floor((block * channels.length) / count); i < end; i++) most = Math.max(most, channels[i]!);
    return most;
  });
}
