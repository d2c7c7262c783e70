"""The training loop the three nets share: AdamW, one warm-up and a cosine, averaged weights, resumes after any epoch."""

import argparse
import copy
import ctypes
import math
import queue
import tempfile
import threading
import time
from pathlib import Path

import torch

from data import DEFAULT_DATA


def keep_memory():
    """Asks the C library to keep freed memory: giving tensors back to the kernel and faulting them in again costs a tenth."""
    try:
        library = ctypes.CDLL('libc.so.6')
        for setting, value in ((-8, 1), (-3, 1 << 30), (-1, (1 << 31) - 1)):  # arenas, mmap threshold, trim threshold
            library.mallopt(setting, value)
    except OSError:
        pass


def arguments(description, epochs, rate):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument('--data', type=Path, default=DEFAULT_DATA, help='folder with the three sets')
    parser.add_argument('--work', type=Path, default=Path(tempfile.gettempdir()) / 'train', help='checkpoints and caches')
    parser.add_argument('--name', help='name of the checkpoint, if not the usual one')
    parser.add_argument('--epochs', type=int, default=epochs)
    parser.add_argument('--rate', type=float, default=rate, help='highest learning rate')
    parser.add_argument('--seed', type=int, default=20)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--float32', action='store_true', help='no bfloat16: slower, for processors without it')
    return parser


def ahead(make, depth=3):
    """Makes the batches on a second thread, in order."""
    waiting = queue.Queue(depth)
    failure = []

    def produce():
        try:
            for item in make():
                waiting.put(item)
        except Exception as error:  # handed to the consumer
            failure.append(error)
        waiting.put(None)

    threading.Thread(target=produce, daemon=True).start()
    while (item := waiting.get()) is not None:
        yield item
    if failure:
        raise failure[0]


def average(mean, net, decay):
    with torch.no_grad():
        for kept, now in zip(mean.state_dict().values(), net.state_dict().values()):
            if kept.dtype.is_floating_point:
                kept.lerp_(now, 1 - decay)
            else:
                kept.copy_(now)


def fit(options, net, batches, steps, loss, validate, decay=0.998, weight_decay=0.02):
    """Trains to `options.epochs`; `batches(epoch)` yields what `loss(net, batch)` takes.

    The checkpoint holds `mean` (the averaged net, which is the one exported), `net`, the
    optimiser and the epoch; the same command goes on from it.
    """
    keep_memory()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    path = options.work / f'{options.name}.pt'
    net = net.to(memory_format=torch.channels_last)
    mean = copy.deepcopy(net)
    plain = [p for p in net.parameters() if p.ndim < 2]
    heavy = [p for p in net.parameters() if p.ndim >= 2]
    optimiser = torch.optim.AdamW(
        [{'params': heavy, 'weight_decay': weight_decay}, {'params': plain, 'weight_decay': 0}], lr=options.rate
    )
    epoch, spent = 0, 0.0
    if path.exists():
        saved = torch.load(path)
        net.load_state_dict(saved['net'])
        mean.load_state_dict(saved['mean'])
        optimiser.load_state_dict(saved['optimiser'])
        epoch, spent = saved['epoch'], saved['seconds']
        print(f'goes on after epoch {epoch}', flush=True)
    total = options.epochs * steps
    while epoch < options.epochs:
        start = time.time()
        net.train()
        torch.manual_seed(options.seed * 1000 + epoch)
        summed = 0.0
        for i, batch in enumerate(ahead(lambda: batches(epoch))):
            step = epoch * steps + i
            part = step / total
            rate = options.rate * (part / 0.08 if part < 0.08 else 0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * (part - 0.08) / 0.92)))
            for group in optimiser.param_groups:
                group['lr'] = max(rate, options.rate * 0.01)
            optimiser.zero_grad(set_to_none=True)
            with torch.cpu.amp.autocast(enabled=not options.float32, dtype=torch.bfloat16):
                value = loss(net, batch)
            value.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimiser.step()
            average(mean, net, min(decay, (1 + step) / (10 + step)))
            summed += float(value)
        epoch += 1
        spent += time.time() - start
        mean.eval()
        figures = {}
        if epoch % options.every == 0 or epoch == options.epochs:
            with torch.no_grad(), torch.cpu.amp.autocast(enabled=not options.float32, dtype=torch.bfloat16):
                figures = validate(mean)
        shown = ' '.join(f'{k} {v:.4f}' for k, v in figures.items())
        print(f'{time.strftime("%H:%M:%S")} epoch {epoch}/{options.epochs} {spent:.0f} s loss {summed / steps:.4f} {shown}', flush=True)
        part = path.with_suffix('.part')
        torch.save(
            {'net': net.state_dict(), 'mean': mean.state_dict(), 'optimiser': optimiser.state_dict(), 'epoch': epoch, 'seconds': spent, 'options': {k: str(v) for k, v in vars(options).items()}},
            part,
        )
        part.replace(path)
    return mean


def outline_loss(logits, target, weight=1.0):
    """Cross entropy plus one minus Dice, the Dice over the whole batch so that empty slices count."""
    logits = logits.float()
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, target)
    chance = torch.sigmoid(logits)
    dice = (2 * (chance * target).sum() + 1) / (chance.sum() + target.sum() + 1)
    return weight * entropy + 1 - dice
