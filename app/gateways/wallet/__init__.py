"""Health cards for the phone's wallet: what a pass carries, and how Apple's and Google's are made and signed.

``card`` says what stands on a pass; ``apple`` and ``google`` sign it without a network; ``google_objects``
keeps an object at Google over REST; ``check`` says what is wrong with the keys; ``demo_keys`` makes a set
that signs well and that no phone accepts.
"""
